import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { Fault } from '../errors/launch-error.ts'
import { codeOf, messageOf } from '../errors/thrown.ts'
import { util } from '../platform/node-util.ts'
import type { TrustRule } from '../platform/path-trust.ts'
import { statIfReachable } from '../platform/stat-if-reachable.ts'
import { withPlatformNames } from '../platform/variable-names.ts'
import { type DecidingPath, untrustedFaults } from '../trust/untrusted-fault.ts'
import type { RawValue } from './raw-options.ts'
import { type Environment, readEnvironment } from './read-environment.ts'

export interface ReadEnvFile {
  readonly values: readonly RawValue[]
  readonly faults: readonly Fault[]
  readonly variables: Environment
  readonly deciding: readonly DecidingPath[]
}

/**
 * Reads `.env` of a folder, if there is one, or the file that was named, which must exist. What root would obey is read only if nobody else can
 * change it.
 */
export function readEnvFile(
  { directory, named }: { directory: string; named?: string | undefined },
  rule: TrustRule | null,
): ReadEnvFile {
  const file = resolve(directory, named ?? '.env')
  const nothing = { values: [], faults: [], variables: {}, deciding: [] }
  const deciding: DecidingPath[] = [
    {
      what: 'environment file',
      path: file,
      use: 'obeyed',
      instead: 'keep it in a folder of root, such as /etc, and name it with --dotenv',
    },
  ]
  // In a folder of another user there may well be none.
  if (named !== undefined || statIfReachable(file)) {
    const untrusted = untrustedFaults(deciding, rule)
    if (untrusted.length > 0) return { ...nothing, faults: untrusted }
  }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (named === undefined && isMissing(error)) return nothing
    const reason = messageOf(error)
    return {
      ...nothing,
      deciding,
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
      path: file,
      directory: dirname(file),
    }),
    variables,
    deciding,
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'EISDIR'].includes(codeOf(error))
}
