import { z } from 'zod'
import type { Kind } from './kind.ts'

/** A user or a group of this system: its name, or its number as digits. */
export function account(what: 'user' | 'group'): Kind<string | number, string> {
  return {
    placeholder: `<${what}>`,
    completes: `${what}s`,
    expects: `the name or the number of a ${what} of this system`,
    schema: z.union([
      z
        .string()
        .trim()
        .regex(/^[^\s:,/]+$/),
      z
        .number()
        .int()
        .min(0)
        .max(largestId)
        .transform((id) => String(id)),
    ]),
    fromText: (text) => text,
    jsonSchema: {
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'integer', minimum: 0, maximum: largestId },
      ],
    },
  }
}

/** The greatest number of 32 bits means "leave it as it is" in chown(2) and setresuid(2). */
const largestId = 2 ** 32 - 2
