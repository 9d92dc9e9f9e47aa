import leven from 'leven'
import { type FlagMeaning, flagByRule, flagTable } from '../../flag-table.ts'
import { type OptionName, optionNames, optionRow } from '../../option-table.ts'

/** `tls.minVersion` is `LOCKSTEP_TLS_MIN_VERSION` in the environment. */
export function variableName(name: OptionName): `LOCKSTEP_${string}` {
  return variableOfFlag(flagByRule(name))
}

/** `--max-memory` is `LOCKSTEP_MAX_MEMORY` in the environment. */
export function variableOfFlag(flag: string): `LOCKSTEP_${string}` {
  return `LOCKSTEP_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`
}

/** Variables with our prefix that are not options: the file to read options from, and the facts that a worker passes to its app. */
export const reservedVariables = ['LOCKSTEP_CONFIG', 'LOCKSTEP_ENV_FILE', 'LOCKSTEP_WORKER'] as const

const longFlags = [...flagTable].filter(([flag]) => flag.startsWith('--'))

/** Every variable with our prefix that sets an option: that of its name, and one for each of its long flags. */
export const optionByVariable: ReadonlyMap<string, FlagMeaning> = new Map([
  ...optionNames.map((name): [string, FlagMeaning] => [
    variableName(name),
    { name, translate: (text) => text },
  ]),
  ...longFlags.map(([flag, meaning]): [string, FlagMeaning] => [variableOfFlag(flag), meaning]),
])

/** The variables of an option with our prefix: the one of its name comes first. */
export function ownVariables(name: OptionName): readonly string[] {
  return [...optionByVariable].flatMap(([variable, meaning]) => (meaning.name === name ? variable : []))
}

/** Variables that the field agrees on, such as `PORT`. */
const ambientVariables: ReadonlySet<string> = new Set(
  optionNames.flatMap((name) => optionRow(name).ambientVariables ?? []),
)

/** Whether an option is read from a variable of this name. */
export function isOurVariable(name: string): boolean {
  return optionByVariable.has(name) || ambientVariables.has(name)
}

/**
 * Whether a name that is not ours was meant to be: the prefix in another case or with other marks (`lockstep_port`, `LOCKSTEP-PORT`), or a slip
 * in the prefix (`LOKSTEP_PORT`).
 */
export function isNearlyOurs(name: string): boolean {
  const plain = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
  if (plain.startsWith('LOCKSTEP_')) return true
  const isAlike = leven(plain.slice(0, 'LOCKSTEP_'.length), 'LOCKSTEP_') <= 2
  return isAlike && [...optionByVariable.keys()].some((known) => leven(plain, known, { maxDistance: 3 }) <= 2)
}
