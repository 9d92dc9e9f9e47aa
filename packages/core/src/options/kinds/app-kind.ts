import { z } from 'zod'
import type { Kind } from './kind.ts'
import { isUrl, pathOfFileUrl } from './path-of-file-url.ts'

/** An app as it was given: the name of a module, or, in the API alone, the app itself. */
export type GivenApp = string | object

const named = z
  .custom<string | URL>((given) => (typeof given === 'string' ? given.trim() !== '' : isUrl(given)))
  .transform((given, context): GivenApp => {
    try {
      return pathOfFileUrl(given) as GivenApp
    } catch {
      context.addIssue('not the URL of a file')
      return z.NEVER
    }
  })

/** It isn't transformed: a transform that returned the promise of an app would be taken for an asynchronous one. */
const inMemory = z.custom<object>(
  (given) => typeof given === 'function' || (typeof given === 'object' && given !== null && !isUrl(given)),
)

const stringOrObject = z.union([named, inMemory])

export const app: Kind<GivenApp, GivenApp> = {
  placeholder: '<module[:export]>',
  expects: 'the path or the file: URL of a module, or (in the API) an app',
  schema: stringOrObject,
  fromText: (given) => given,
  completes: 'files',
  inputType: 'string | URL | object',
  jsonSchema: { type: 'string', minLength: 1 },
}

/** A backend as it was given: a built-in one's name, the path of a module, or, in the API alone, a `ServerBackend`. */
export const backend: Kind<GivenApp, GivenApp> = {
  placeholder: '<name>',
  expects: 'auto, single, cluster, the path or the file: URL of a module, or (in the API) a ServerBackend',
  schema: stringOrObject,
  fromText: (given) => given,
  // Those of other packages are added where they are known.
  completes: ['auto', 'single', 'cluster'],
  inputType: 'string | URL | ServerBackend',
  jsonSchema: { type: 'string', minLength: 1 },
}
