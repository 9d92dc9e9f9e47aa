import leven from 'leven'
import { type FlagMeaning, flagByRule, flagTable } from '../../flag-table.ts'
import { type LauncherBrand, meaningOf } from '../../launcher-brand.ts'
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

/** Which variables set an option. */
export interface VariableNames {
  readonly byVariable: ReadonlyMap<string, FlagMeaning>
  /** With its underscore. */
  readonly prefix: string
  /** No other variable may begin with the prefix, and none may nearly do so. */
  readonly isStrict: boolean
  /** Names that set no option: they are variables of the app. */
  readonly ofApp: ReadonlySet<string>
}

export const lockstepVariables: VariableNames = {
  byVariable: optionByVariable,
  prefix: 'LOCKSTEP_',
  isStrict: true,
  ofApp: new Set(),
}

/** A product has other variables with its prefix, so only the known ones are looked at. */
export function variablesOf(brand: LauncherBrand | undefined): VariableNames {
  if (!brand) return lockstepVariables
  const prefix = `${brand.envPrefix}_`
  const aliases = Object.entries(brand.aliases ?? {}).map(([flag, name]): [string, FlagMeaning] => [
    variableOfFlag(flag),
    meaningOf(name),
  ])
  const byRule = [...optionByVariable, ...aliases].map(([variable, meaning]): [string, FlagMeaning] => [
    `${prefix}${variable.slice(lockstepVariables.prefix.length)}`,
    meaning,
  ])
  const given = Object.entries(brand.variables ?? {})
  const own = given.flatMap(([variable, name]): [string, FlagMeaning][] =>
    name === null ? [] : [[variable, meaningOf(name)]],
  )
  const ofApp = new Set(given.flatMap(([variable, name]) => (name === null ? variable : [])))
  const refused = new Set(Object.keys(brand.refused ?? {}))
  return {
    byVariable: new Map(
      [...byRule, ...own].filter(([variable]) => !refused.has(variable) && !ofApp.has(variable)),
    ),
    prefix,
    isStrict: false,
    ofApp,
  }
}

/** The variables of an option with the prefix: the one of its name comes first. */
export function ownVariables(
  name: OptionName,
  { byVariable }: VariableNames = lockstepVariables,
): readonly string[] {
  const known = variablesByOption.get(byVariable) ?? groupByOption(byVariable)
  variablesByOption.set(byVariable, known)
  return known.get(name) ?? []
}

/** Every option is asked for at a start. */
const variablesByOption = new WeakMap<
  VariableNames['byVariable'],
  ReadonlyMap<OptionName, readonly string[]>
>()

function groupByOption(byVariable: VariableNames['byVariable']): ReadonlyMap<OptionName, readonly string[]> {
  const groups = new Map<OptionName, string[]>()
  for (const [variable, { name }] of byVariable) groups.set(name, [...(groups.get(name) ?? []), variable])
  return groups
}

/** Variables that the field agrees on, such as `PORT`. */
const ambientVariables: ReadonlySet<string> = new Set(
  optionNames.flatMap((name) => optionRow(name).ambientVariables ?? []),
)

/** Whether an option is read from a variable of this name. */
export function isOurVariable(name: string, { byVariable }: VariableNames = lockstepVariables): boolean {
  return byVariable.has(name) || ambientVariables.has(name)
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
