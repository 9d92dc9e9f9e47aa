import { type OptionName, optionNames } from './option-table.ts'

/** `tls.minVersion` is `LOCKSTEP_TLS_MIN_VERSION` in the environment. */
export function variableName(name: OptionName): `LOCKSTEP_${string}` {
  return `LOCKSTEP_${name
    .replaceAll('.', '_')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()}`
}

/** Variables with our prefix that are no options: the file to read options from, and what a worker tells its app. */
export const reservedVariables = ['LOCKSTEP_CONFIG', 'LOCKSTEP_ENV_FILE', 'LOCKSTEP_WORKER'] as const

export const optionByVariable: ReadonlyMap<string, OptionName> = new Map(
  optionNames.map((name) => [variableName(name), name]),
)
