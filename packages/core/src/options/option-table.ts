import type { OptionRow, Station } from './option-row.ts'
import { appRows } from './rows/rows-app.ts'
import { bindingRows } from './rows/rows-binding.ts'
import { healthRows } from './rows/rows-health.ts'
import { httpRows } from './rows/rows-http.ts'
import { limitRows } from './rows/rows-limits.ts'
import { loggingRows } from './rows/rows-logging.ts'
import { privilegeRows } from './rows/rows-privileges.ts'
import { processRows } from './rows/rows-processes.ts'
import { recyclingRows } from './rows/rows-recycling.ts'
import { socketRows } from './rows/rows-socket.ts'
import { timeoutRows } from './rows/rows-timeouts.ts'
import { tlsRows } from './rows/rows-tls.ts'
import { tlsClientRows } from './rows/rows-tls-clients.ts'
import { tlsPolicyRows } from './rows/rows-tls-policy.ts'
import { tlsReloadRows } from './rows/rows-tls-reload.ts'
import { tlsSessionRows } from './rows/rows-tls-sessions.ts'
import { tlsSniRows } from './rows/rows-tls-sni.ts'
import { upstreamRows } from './rows/rows-upstream.ts'

/**
 * Every option, once. The types, the flags and their help, the environment reader, the JSON Schema of the configuration
 * file, `docs/options.md` and each backend's support table come from it. A dot in a name is a level of nesting in the API
 * and in the configuration file.
 */
export const optionTable = {
  ...appRows,
  ...bindingRows,
  ...socketRows,
  ...processRows,
  ...recyclingRows,
  ...upstreamRows,
  ...privilegeRows,
  ...tlsRows,
  ...tlsSniRows,
  ...tlsClientRows,
  ...tlsPolicyRows,
  ...tlsSessionRows,
  ...tlsReloadRows,
  ...httpRows,
  ...timeoutRows,
  ...limitRows,
  ...healthRows,
  ...loggingRows,
} satisfies Readonly<Record<string, OptionRow>>

export type OptionName = keyof typeof optionTable

/** What a user may write for an option. */
export type OptionInput<Name extends OptionName> = TypesOf<Name>['input']

type TypesOf<Name extends OptionName> = (typeof optionTable)[Name]['kind']['schema']['_zod']

type DefaultOf<Name extends OptionName> = (typeof optionTable)[Name]['default']

/** What an option resolves to; `null` where unset means that the feature is off. */
export type OptionValue<Name extends OptionName> =
  | TypesOf<Name>['output']
  | (null extends DefaultOf<Name> ? null : never)

export type OptionsAt<Where extends Station> = {
  [Name in OptionName]: (typeof optionTable)[Name]['station'] extends Where ? Name : never
}[OptionName]

export const optionNames = Object.keys(optionTable) as OptionName[]

/** A row without its literal types, for code that treats all rows alike. */
export function optionRow(name: OptionName): OptionRow {
  return optionTable[name]
}

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(optionTable, name)
}
