import { fileURLToPath } from 'node:url'
import type { ContractRowName } from '@lockstep/core/internal'
import type { ConformanceCase } from '../../../conformance-case.ts'

/** A case that observes rows of the contract. The compiler knows their names. */
export interface ContractCase extends ConformanceCase {
  readonly contract: readonly ContractRowName[]
}

/** The path of an app of `apps/contract`, and of one of its exports if that is named. */
export function contractApp(name: string, exportName?: string): string {
  const file = fileURLToPath(new URL(`../../../apps/contract/${name}-app.js`, import.meta.url))
  return exportName === undefined ? file : `${file}:${exportName}`
}
