import { z } from 'zod'
import type { Kind } from '../kind.ts'
import { secret } from '../kinds.ts'

/** A passphrase, or, only in the API, a function that returns it. */
export type GivenPassphrase = string | (() => string | Promise<string>)

/** Taken to the letter. A function is called when the key is opened, not before. */
export const passphrase: Kind<GivenPassphrase, GivenPassphrase> = {
  ...secret('the passphrase of the private key, or (in the API) a function that returns it'),
  schema: z.union([z.string().min(1), z.custom<() => string>((given) => typeof given === 'function')]),
  format: () => '(hidden)',
  inputType: 'string | (() => string | Promise<string>)',
  jsonSchema: { type: 'string', minLength: 1 },
}
