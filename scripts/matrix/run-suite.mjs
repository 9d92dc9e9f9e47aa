// Runs the suite for one cell of the matrix, in a process of the pinned Node. The subjects run on the platform of the cell, the clients
// stay here. What to run comes as JSON in the first argument; progress goes to standard output, the report into its file.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import {
  composeReport,
  conformanceCases,
  hasFailed,
  judgeRun,
  matchesPattern,
  nodeRuntime,
  runSuite,
} from '@lockstep/conformance'
import { clusterBackend, singleBackend } from '@lockstep/core/backend'
import { externalBackends } from '@lockstep/external'
import { peer } from '../peers/peers.mjs'
import { readJson, rootFolder } from '../workspace.mjs'

const ownBackends = { single: singleBackend, cluster: clusterBackend }
const { backend, runtime: described, doors, patterns, file, atATime } = JSON.parse(process.argv[2])

// As in a shell whose virtual environment is active.
if (backend === 'gunicorn' || backend === 'uvicorn')
  process.env.PATH = `${dirname(peer(backend))}${delimiter}${process.env.PATH}`

await using runtime = await openRuntime(described)
const subject = {
  backend: ownBackends[backend] ?? (await externalBackends[backend]()),
  backendName: backend,
  backends: import.meta.resolve('@lockstep/external'),
  command: join(rootFolder, 'packages/cli/bin/lockstep.js'),
  runtime,
}
const startedAt = new Date()
const results = await runSuite(subject, {
  cases: conformanceCases.filter(({ id }) => patterns.some((pattern) => matchesPattern(id, pattern))),
  doors,
  atATime,
  onResult: (result, { done, total }) => {
    if (hasFailed(result)) console.log(`✗ ${result.id} (${result.door}): ${result.detail}`)
    if (done % 50 === 0 || done === total) console.log(`  ${done} of ${total}`)
  },
})
const report = composeReport(subject, {
  startedAt,
  lockstep: readJson(join(rootFolder, 'packages/cli/package.json')).version,
  results,
})
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, `${JSON.stringify(existsSync(file) ? amended(readJson(file)) : report, null, 2)}\n`)
process.exitCode = results.some(hasFailed) ? 10 : 0

async function openRuntime({ kind, ...rest }) {
  if (kind === 'node') return nodeRuntime(rest)
  const { openWineRuntime } = await import('../wine/wine-runtime.mjs')
  // A Windows process takes a second to start under Wine, and a launch starts several.
  return { ...(await openWineRuntime(rest)), startDeadlineMs: 90_000 }
}

/** The existing report, with the results of this run instead of the old ones of the same cases. */
function amended(old) {
  const key = ({ id, door }) => `${door} ${id}`
  const again = new Map(results.map((result) => [key(result), result]))
  const kept = old.results.filter((result) => !again.has(key(result)))
  const order = new Map(conformanceCases.map(({ id }, index) => [id, index]))
  const all = [...kept, ...results].sort((a, b) => order.get(a.id) - order.get(b.id))
  return { ...old, verdict: judgeRun(all), results: all }
}
