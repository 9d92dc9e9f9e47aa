import { z } from 'zod'
import { absolutePath } from '../../platform/files/absolute-path.ts'
import type { Kind } from './kind.ts'
import { isUrl, pathOfFileUrl } from './path-of-file-url.ts'
import { splitPaths } from './split-list.ts'

const one = z
  .custom<string | URL>((given) => (typeof given === 'string' ? given.trim() !== '' : isUrl(given)))
  .transform((given, context): string => {
    try {
      return pathOfFileUrl(given) as string
    } catch {
      context.addIssue('not the URL of a file')
      return z.NEVER
    }
  })

/** Modules as an import names them: by a path, or as what a package exports. Only a path depends on the folder where it was written. */
export const modules: Kind<string | URL | readonly (string | URL)[], readonly string[]> = {
  placeholder: '<module>',
  expects: 'a path that begins with ./, ../ or /, a file: URL, or the name of a package',
  schema: z
    .union([one, z.array(one).min(1)])
    .transform((given): readonly string[] => (Array.isArray(given) ? given : [given])),
  fromText: splitPaths,
  isList: true,
  completes: 'files',
  anchor: (values, directory) =>
    values.map((value) => (isPathOfModule(value) ? absolutePath(directory, value) : value)),
  format: (values) => values.join(', '),
  inputType: 'string | URL | readonly (string | URL)[]',
  jsonSchema: {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
    ],
  },
}

/** As Node distinguishes a path from a package: https://nodejs.org/api/esm.html#terminology */
export function isPathOfModule(specifier: string): boolean {
  return /^(?:\.{0,2}[/\\]|\.{1,2}$|[a-z]:[/\\])/i.test(specifier)
}
