import type { z } from 'zod'
import type { ValueSchema } from './value-schema.ts'

/** The schema as zod knows it, to make another one of it. Every schema of a kind is one of zod. */
export function zodSchema<Value, Input>(schema: ValueSchema<Value, Input>): z.ZodType<Value, Input> {
  return schema as z.ZodType<Value, Input>
}
