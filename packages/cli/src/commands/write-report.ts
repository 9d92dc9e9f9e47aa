import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SuiteReport } from '@lockstep/conformance'

/** Writes the report of a run, and gives the path of the JSON file. */
export function writeReport(folder: string, report: SuiteReport): string {
  const file = join(folder, 'results.json')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
  return file
}
