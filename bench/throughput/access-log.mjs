import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare } from '../measuring/compare.mjs'
import { shown } from '../measuring/rounds.mjs'
import { lockstepCluster, lockstepSingle } from '../subjects/lockstep.mjs'
import { underLoad } from './compare-loads.mjs'

const off = 'off'
const formats = ['combined', 'json']
const hello = { path: '/', keepAlive: true }

/** The cost of a log line for each request. */
export const accessLog = {
  name: 'access log',
  about:
    'Hello world on kept connections (wrk, 32 clients), without an access log and with one to a file in each format. `cluster` has two workers. Ratios are relative to the same backend without an access log.',
  needs: ['wrk'],
  async measure({ quick }) {
    const results = [await measured(lockstepSingle, { quick, cores: { server: 0, clients: 1 } })]
    if (!quick) results.push(await measured(lockstepCluster, { quick, cores: null }))
    return {
      figures: results.flatMap(figures),
      tables: [{ title: 'With and without an access log', columns, rows: results.flatMap(rows) }],
      charts: [
        {
          file: 'access-log',
          title: 'Throughput with an access log, relative to none',
          kind: 'bars',
          unit: 'ratio',
          categories: [off, ...formats],
          series: results.map(({ backend, found }) => ({
            name: backend,
            values: [off, ...formats].map((name) => found.ratio(name, 'perSecond')),
          })),
        },
      ],
      skipped: [{ what: 'metrics on and off', why: 'there are no metrics yet' }],
    }
  },
}

async function measured(backend, { quick, cores }) {
  await using stack = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const servers = []
  for (const name of [off, ...formats]) {
    const file = join(folder, name)
    const flags = name === off ? [] : ['--access-log', file, '--access-log-format', name]
    const server = stack.use(await backend.start({ workers: 2, core: cores?.server ?? null, flags }))
    servers.push({ name, server })
  }
  const measure = ({ server }) => underLoad(server, hello, { seconds: 1, cores })
  if (!quick) for (const server of servers) await measure(server)
  const rounds = quick ? 1 : 4
  return { backend: backend.name, found: await compare(servers, { rounds, most: rounds, measure }) }
}

function figures({ backend, found }) {
  return formats.map((format) => ({
    what: `${backend}, ${format}: throughput relative to none`,
    goal: null,
    found: shown(found.ratio(format, 'perSecond'), 3),
    met: null,
    how: `processor time per request ${shown(found.ratio(format, 'processorUs'), 3)}; ${found.rounds} rounds`,
  }))
}

const columns = ['backend', 'access log', 'requests per second', 'processor time per request, µs']

function rows({ backend, found }) {
  return [off, ...formats].map((name) => [
    backend,
    name,
    shown(found.of(name, 'perSecond')),
    shown(found.of(name, 'processorUs'), 1),
  ])
}
