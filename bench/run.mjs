// Runs the benchmarks and keeps what they measured: reports/bench.json, and docs/benchmarks.md when all of them ran.
// `--only NAME` runs those whose name contains it, `--quick` with fewer rounds. Runs under the pinned Node (see scripts/bench.mjs).
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rootFolder } from '../scripts/workspace.mjs'
import { waysToTheWorkers } from './balance/ways-to-the-workers.mjs'
import { primaryCost } from './lifecycle/primary-cost.mjs'
import { replacement } from './lifecycle/replacement.mjs'
import { rollingReloads } from './lifecycle/rolling-reloads.mjs'
import { renderBenchmarks } from './render-benchmarks.mjs'
import { handshakes } from './tls/handshakes.mjs'
import { reloads } from './tls/reloads.mjs'
import { resets } from './tls/resets.mjs'
import { resumption } from './tls/resumption.mjs'
import { slowClients } from './tls/slow-clients.mjs'

const benchmarks = [
  handshakes,
  reloads,
  resumption,
  slowClients,
  resets,
  rollingReloads,
  replacement,
  primaryCost,
  waysToTheWorkers,
]

const { values } = parseArgs({
  options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const chosen = benchmarks.filter(({ name }) => name.includes(values.only ?? ''))
const run = {
  at: new Date().toISOString(),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cores: availableParallelism(),
  loadBefore: Math.round(loadavg()[0] * 100) / 100,
  quick: values.quick,
  figures: [],
}
for (const { name, measure } of chosen) {
  console.log(`${name} …`)
  for (const figure of await measure({ quick: values.quick })) {
    run.figures.push({ benchmark: name, ...figure })
    console.log(`  ${figure.met ? '✓' : '✗'} ${figure.what}: ${figure.found} (goal: ${figure.goal})`)
  }
}
mkdirSync(join(rootFolder, 'reports'), { recursive: true })
writeFileSync(join(rootFolder, 'reports/bench.json'), `${JSON.stringify(run, null, 2)}\n`)
if (values.only === undefined && !values.quick)
  writeFileSync(join(rootFolder, 'docs/benchmarks.md'), renderBenchmarks(run))
process.exitCode = run.figures.every(({ met }) => met) ? 0 : 1
