import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CaseResult, clientVersions, nativeRuntime, type SuiteReport } from '@lockstep/conformance'
import { version } from '../version.ts'

/** Writes a run of the suite in this process's Node, and gives the path of the JSON file. */
export function writeReport(
  folder: string,
  { backend, startedAt, results }: { backend: string; startedAt: Date; results: readonly CaseResult[] },
): string {
  const report: SuiteReport = {
    backend,
    platform: process.platform,
    arch: process.arch,
    runtime: nativeRuntime.description,
    node: process.version,
    lockstep: version,
    clients: clientVersions(),
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    results,
  }
  const file = join(folder, 'results.json')
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
  return file
}
