// Runs the benchmarks and keeps what they measured: reports/bench.json, and docs/benchmarks* when all of them ran in full.
// `--only NAME` runs those whose name contains it, and with `--merge` puts what they measured in its place in the document; `--quick` runs them with
// fewer rounds; `--again` measures nothing and rewrites the document from the results beside it. Runs under the pinned Node (see scripts/bench.mjs).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rootFolder } from '../scripts/workspace.mjs'
import { benchmarks } from './benchmarks.mjs'
import { machine } from './measuring/machine.mjs'
import { allowSpareTime } from './measuring/spare-time.mjs'
import { mergeRuns } from './report/merge-runs.mjs'
import { writeReport } from './report/write-report.mjs'
import { leaveNothingRunning } from './subjects/leave-nothing-running.mjs'
import { hasProgram } from './subjects/programs.mjs'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    merge: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
  },
})
if (values.again) {
  writeReport(written())
  process.exit(0)
}
if (values.merge && (values.quick || values.only === undefined)) {
  console.error(
    '--merge puts the results of --only NAME into the document, measured in full: leave --quick out.',
  )
  process.exit(2)
}
const chosen = benchmarks.filter(({ name }) => name.includes(values.only ?? ''))
if (chosen.length === 0) {
  console.error(
    `No benchmark's name contains "${values.only}". There are: ${benchmarks.map(({ name }) => name).join(', ')}.`,
  )
  process.exit(2)
}

leaveNothingRunning()
// A whole run stays under 20 minutes, a quick one under 3.
allowSpareTime(values.quick ? 0 : 60)
const began = performance.now()
const run = { ...machine(), quick: values.quick, results: [] }
for (const benchmark of chosen) run.results.push(await measured(benchmark))
run.seconds = Math.round((performance.now() - began) / 1_000)
mkdirSync(join(rootFolder, 'reports'), { recursive: true })
writeFileSync(join(rootFolder, 'reports/bench.json'), `${JSON.stringify(run, null, 2)}\n`)
if (values.only === undefined && !values.quick) writeReport(run)
if (values.merge)
  writeReport(
    mergeRuns(
      written(),
      run,
      benchmarks.map(({ name }) => name),
    ),
  )
const missed = run.results.flatMap(({ figures }) => figures).filter(({ met }) => met === false)
console.log(
  `${run.seconds} s; ${missed.length === 0 ? 'every goal is met' : `${missed.length} goals are not met`}`,
)
process.exitCode = missed.length === 0 ? 0 : 1

/** The run that the document shows. */
function written() {
  return JSON.parse(readFileSync(join(rootFolder, 'docs/benchmarks/results.json'), 'utf8'))
}

async function measured({ name, about, needs = [], measure }) {
  const from = performance.now()
  console.log(`${name} …`)
  const absent = needs.filter((program) => !hasProgram(program))
  const result =
    absent.length > 0
      ? { skipped: [{ what: 'all of it', why: `${absent.join(' and ')} can't be started here` }] }
      : await measure({ quick: values.quick }).catch(failed)
  const { figures = [], tables = [], charts = [], skipped = [] } = result
  for (const { met, what, found, goal } of figures)
    console.log(`  ${mark(met)} ${what}: ${found}${goal ? ` (goal: ${goal})` : ''}`)
  for (const { what, why } of skipped) console.log(`  – ${what}: skipped, because ${why}`)
  const seconds = Math.round((performance.now() - from) / 1_000)
  console.log(`  ${seconds} s`)
  return { name, about, seconds, figures, tables, charts, skipped }
}

/** A failure of one does not stop the others. */
function failed(error) {
  console.error(error)
  return {
    figures: [{ what: 'runs to its end', goal: 'yes', found: `no: ${error.message}`, met: false, how: '' }],
  }
}

function mark(met) {
  if (met === null) return '·'
  return met ? '✓' : '✗'
}
