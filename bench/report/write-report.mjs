import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from '../../scripts/workspace.mjs'
import { renderBenchmarks } from './markdown.mjs'

const folder = join(rootFolder, 'docs/benchmarks')

/** docs/benchmarks.md, and beside it what it was made of and its charts. */
export function writeReport(run) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(run, null, 2)}\n`)
  writeFileSync(join(rootFolder, 'docs/benchmarks.md'), renderBenchmarks(run))
}
