import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { Fault } from '../errors/launch-error.ts'
import { codeOf, messageOf } from '../errors/thrown.ts'
import { util } from '../platform/node-util.ts'
import { withPlatformNames } from '../platform/variable-names.ts'
import type { RawValue } from './raw-options.ts'
import { type Environment, readEnvironment } from './read-environment.ts'

/** Reads `.env` of a folder, if there is one, or the file that was named, which must exist. */
export function readEnvFile({ directory, named }: { directory: string; named?: string | undefined }): {
  values: readonly RawValue[]
  faults: readonly Fault[]
  variables: Environment
} {
  const file = resolve(directory, named ?? '.env')
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (named === undefined && isMissing(error)) return { values: [], faults: [], variables: {} }
    const reason = messageOf(error)
    return {
      values: [],
      variables: {},
      faults: [
        {
          code: 'ERR_ENV_FILE_UNREADABLE',
          message: `The environment file ${file} can not be read: ${reason}.`,
          hint: 'Mend the file, or name another with --dotenv.',
          source: file,
        },
      ],
    }
  }
  const variables = util.parseEnv(text) as Environment
  return {
    ...readEnvironment(withPlatformNames(variables), {
      kind: 'dotenv',
      file: relative(directory, file),
      directory: dirname(file),
    }),
    variables,
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'EISDIR'].includes(codeOf(error))
}
