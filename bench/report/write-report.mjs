import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from '../../scripts/workspace.mjs'
import { renderChart } from './charts.mjs'
import { renderBenchmarkDetails, renderBenchmarks } from './markdown.mjs'

/** Writes benchmarks.md into the folder, with its details, its data and its charts. */
export function writeReport(run, docs = join(rootFolder, 'docs')) {
  const folder = join(docs, 'benchmarks')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(run, null, 2)}\n`)
  for (const chart of run.results.flatMap(({ charts }) => charts))
    writeFileSync(join(folder, `${chart.file}.svg`), renderChart(chart))
  writeFileSync(join(folder, 'details.md'), renderBenchmarkDetails(run))
  writeFileSync(join(docs, 'benchmarks.md'), renderBenchmarks(run))
}
