import { resolve } from 'node:path'
import { z } from 'zod'
import { isBytes } from '../../../platform/node/is-bytes.ts'
import type { Kind } from '../kind.ts'

/** A PKCS#12 file: its path, or, in the API alone, its bytes. */
export const pfxFile: Kind<string | Uint8Array, string | Uint8Array> = {
  placeholder: '<path>',
  expects: 'the path of a PKCS#12 file, or (in the API) its bytes',
  schema: z.union([z.string().min(1), z.custom<Uint8Array>(isBytes)]),
  fromText: (given) => given,
  anchor: (value, directory) => (typeof value === 'string' ? resolve(directory, value) : value),
  inputType: 'string | Uint8Array',
  jsonSchema: { type: 'string', minLength: 1 },
}
