import type { ContractRow, ContractSection } from '../contract-row.ts'
import { childRows } from './child-rows.ts'
import { eventRows } from './event-rows.ts'
import { exportRows } from './export-rows.ts'
import { fetchSettingRows } from './fetch-setting-rows.ts'
import { lifespanRows } from './lifespan-rows.ts'
import { listeningRows } from './listening-rows.ts'
import { memberRows } from './member-rows.ts'
import { messageRows } from './message-rows.ts'
import { nodeRows } from './node-rows.ts'
import { ownTlsRows, tlsSettingRows } from './own-tls-rows.ts'
import { processRows } from './process-rows.ts'
import { settingRows } from './setting-rows.ts'
import { shapeRows } from './shape-rows.ts'
import { signalRows } from './signal-rows.ts'
import { upgradeRows } from './upgrade-rows.ts'

/** All that an app can bring or ask for, in the order of the document. */
export const appContract = {
  export: exportRows,
  shape: shapeRows,
  'fetch-setting': fetchSettingRows,
  lifespan: lifespanRows,
  listening: listeningRows,
  tls: ownTlsRows,
  'tls-setting': tlsSettingRows,
  setting: settingRows,
  event: eventRows,
  member: memberRows,
  upgrade: upgradeRows,
  signal: signalRows,
  message: messageRows,
  process: processRows,
  node: nodeRows,
  child: childRows,
} as const satisfies { readonly [section: string]: ContractSection }

export type ContractSectionName = keyof typeof appContract

/** The name of a row: that of its section, a slash, and its own, such as `event/upgrade`. */
export type ContractRowName = {
  [Section in ContractSectionName]: `${Section}/${keyof (typeof appContract)[Section]['rows'] & string}`
}[ContractSectionName]

/** Each row by its name, with its section. */
export function contractRows(): ReadonlyMap<
  ContractRowName,
  { readonly section: ContractSection; readonly row: ContractRow }
> {
  return new Map(
    Object.entries<ContractSection>(appContract).flatMap(([name, section]) =>
      Object.entries(section.rows).map(([key, row]) => [
        `${name}/${key}` as ContractRowName,
        { section, row },
      ]),
    ),
  )
}
