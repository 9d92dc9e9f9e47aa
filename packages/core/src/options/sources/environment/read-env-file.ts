import { dirname, relative, resolve } from 'node:path'
import { readText, withPlainLineEnds } from '@lockstep/certs/judge'
import { whyFileFails } from '../../../errors/file-error.ts'
import type { Fault } from '../../../errors/launch-error.ts'
import { codeOf } from '../../../errors/thrown.ts'
import type { TrustRule } from '../../../platform/accounts/path-trust.ts'
import { readAndNote } from '../../../platform/files/read-and-note.ts'
import { statIfReachable } from '../../../platform/files/stat-if-reachable.ts'
import { platformVariableName, withPlatformNames } from '../../../platform/system/variable-names.ts'
import { type DecidingPath, untrustedFaults } from '../../../trust/untrusted-fault.ts'
import { inFile } from '../../kinds/in-file.ts'
import { nearlyNamed } from '../nearly-named.ts'
import type { RawValue } from '../raw-options.ts'
import { type EnvAssignment, parseEnvText } from './parse-env-text.ts'
import { type Environment, readEnvironment } from './read-environment.ts'
import { isOurVariable, lockstepVariables, reservedVariables, type VariableNames } from './variable-name.ts'

export interface ReadEnvFile {
  /** The absolute path of the file that was read; `null`: there is none, or it could not be read. */
  readonly file: string | null
  readonly values: readonly RawValue[]
  readonly faults: readonly Fault[]
  readonly variables: Environment
  readonly deciding: readonly DecidingPath[]
}

/**
 * Reads `.env` of a folder, if there is one, or the file that was named, which must exist. What root would obey is read only if no other user can
 * change it.
 */
export function readEnvFile(
  {
    directory,
    named,
    names = lockstepVariables,
  }: { directory: string; named?: string | undefined; names?: VariableNames },
  rule: TrustRule | null,
): ReadEnvFile {
  const file = resolve(directory, named ?? '.env')
  const nothing = { file: null, values: [], faults: [], variables: {}, deciding: [] }
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
  let bytes: Buffer
  try {
    bytes = readAndNote(file)
  } catch (error) {
    if (named === undefined && isMissing(error)) {
      const misnamed = nearlyNamed(directory, ['.env'])
      if (misnamed === null) return nothing
      const hint = 'Rename it to .env, or name it with --dotenv.'
      return { ...nothing, faults: [unreadable(misnamed, 'its name is not quite .env', hint)] }
    }
    return { ...nothing, deciding, faults: [unreadable(file, whyFileFails(error))] }
  }
  const read = readText(bytes)
  if (read.kind === 'refused')
    return { ...nothing, deciding, faults: [unreadable(file, `it ${read.says}`, inFile(read.cure, file))] }
  const { assignments, faults } = parseEnvText(withPlainLineEnds(read.text))
  const label = relative(directory, file)
  const variables = Object.fromEntries(assignments.map(({ name, value }) => [name, value]))
  const options = readEnvironment(withPlatformNames(variables), {
    kind: 'dotenv',
    file: label,
    path: file,
    directory: dirname(file),
    names,
  })
  return {
    file,
    values: options.values,
    faults: [
      ...faults.map(({ line, says, hint }) =>
        invalid(label, line, { says: `Line ${line} of ${label} ${says}`, hint }),
      ),
      ...misusedNames(assignments, { file: label, names }),
      ...options.faults,
    ],
    variables,
    deciding,
  }
}

/** What would be lost without a word, in variables that are read here. The app's own variables follow Node's rules. */
function misusedNames(
  assignments: readonly EnvAssignment[],
  { file, names }: { file: string; names: VariableNames },
): Fault[] {
  const ours = assignments.map((one) => ({ ...one, name: platformVariableName(one.name) }))
  return ours.flatMap(({ name, line, isCutAtHash }, index) => {
    if (reservedNames(names).includes(name)) {
      return invalid(file, line, {
        says: `${name} in line ${line} of ${file} has no effect: it is read from the environment of the process alone`,
        hint: 'Set it there, or use --config or --dotenv.',
      })
    }
    if (!isOurVariable(name, names)) return []
    const earlier = ours.findIndex((other) => other.name === name)
    if (earlier < index) {
      return invalid(file, line, {
        says: `${name} is set in line ${ours[earlier]?.line} and again in line ${line} of ${file}`,
        hint: 'Leave one of them out.',
      })
    }
    return isCutAtHash
      ? invalid(file, line, {
          says: `The value of ${name} in line ${line} of ${file} has a # in it, which begins a comment`,
          hint: 'Put the value in quotes, or write a space before the comment.',
        })
      : []
  })
}

/** Those that are not options, with the prefix that is read. */
function reservedNames({ prefix }: VariableNames): string[] {
  return reservedVariables.map((name) => `${prefix}${name.slice(lockstepVariables.prefix.length)}`)
}

function invalid(file: string, line: number, { says, hint }: { says: string; hint: string }): Fault {
  return {
    code: 'LOCKSTEP_ERR_ENV_FILE_INVALID',
    message: `${says}.`,
    hint,
    source: `line ${line} of ${file}`,
  }
}

function unreadable(file: string, reason: string, hint?: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_ENV_FILE_UNREADABLE',
    message: `The environment file ${file} cannot be read: ${reason}.`,
    hint: hint ?? 'Fix the file, or name another with --dotenv.',
    source: file,
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'EISDIR'].includes(codeOf(error))
}
