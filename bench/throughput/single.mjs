import { shown } from '../measuring/rounds.mjs'
import { bareNode } from '../subjects/by-hand.mjs'
import { lockstepSingle } from '../subjects/lockstep.mjs'
import { compareLoads, compareLoadsAnew } from './compare-loads.mjs'
import { helloLoads, loads } from './loads.mjs'

/** The body and the pause hide the cost around the app, so fewer rounds are enough. */
const extentOf = {
  '/json': { rounds: 3, most: 5 },
  '/large': { rounds: 3, most: 5 },
  '/slow': { rounds: 2 },
}
const hidingLoads = loads
  .filter(({ path }) => path in extentOf)
  .map((load) => ({ ...load, ...extentOf[load.path] }))
const quickLoads = helloLoads.filter(({ tls, keepAlive }) => !(tls && keepAlive))
const [bare, ours] = [bareNode, lockstepSingle].map(({ name }) => name)

/** The cost of our layers: the same app under `single` and listening itself. */
export const single = {
  name: 'single',
  about:
    'One process on its own core, and the clients (wrk, 32 of them) on the other: `lockstep run --backend single` against a hand-written `http(s).createServer` with the same app and the same TLS policy. Ratios are medians over rounds in turns. For hello, each round starts new processes, because one can be a tenth faster than another for its whole life.',
  needs: ['wrk'],
  async measure({ quick }) {
    const subjects = [bareNode, lockstepSingle]
    const cores = { server: 0, clients: 1 }
    const results = quick
      ? await compareLoads(subjects, quickLoads, { rounds: 2, most: 2, cores })
      : [
          ...(await compareLoadsAnew(subjects, helloLoads, { rounds: 6, most: 10, cores })),
          ...(await compareLoads(subjects, hidingLoads, { cores })),
        ]
    return {
      figures: results.flatMap(figures),
      tables: [{ title: 'single against bare Node', columns, rows: results.map(row) }],
      charts: [
        {
          file: 'single',
          title: 'Throughput of single, relative to bare Node',
          kind: 'bars',
          unit: 'ratio',
          categories: results.map(({ load }) => load.what),
          series: [{ name: ours, values: results.map(({ found }) => found.ratio(ours, 'perSecond')) }],
        },
      ],
    }
  },
}

function figures({ load, found }) {
  const throughput = found.ratio(ours, 'perSecond')
  const p99 = found.ratio(ours, 'p99Ms')
  const failed = found.total(ours, 'failed')
  const how = `${found.rounds} rounds${found.isSteady ? '' : ', which disagreed'}; ${failed} failed`
  return [
    {
      what: `throughput: ${load.what}`,
      goal: '≥ 0.98',
      found: shown(throughput, 3),
      met: throughput.median >= 0.98 && failed === 0,
      how,
      isSteady: found.isSteady,
    },
    {
      what: `p99: ${load.what}`,
      goal: '≤ 1.02',
      found: shown(p99, 3),
      met: p99.median <= 1.02,
      how,
      isSteady: found.isSteady,
    },
  ]
}

const columns = [
  'load',
  'bare Node, per second',
  'single, per second',
  'ratio',
  'p99, bare Node, ms',
  'p99, single, ms',
  'processor time per request, ratio',
]

function row({ load, found }) {
  return [
    load.what,
    shown(found.of(bare, 'perSecond')),
    shown(found.of(ours, 'perSecond')),
    shown(found.ratio(ours, 'perSecond'), 3),
    shown(found.of(bare, 'p99Ms'), 2),
    shown(found.of(ours, 'p99Ms'), 2),
    shown(found.ratio(ours, 'processorUs'), 3),
  ]
}
