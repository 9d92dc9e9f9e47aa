import { compare } from '../measuring/compare.mjs'
import { shown } from '../measuring/rounds.mjs'
import { lockstepOn } from '../subjects/lockstep.mjs'
import { nodeOn } from '../subjects/own-listen.mjs'
import { compareLoadsAnew } from './compare-loads.mjs'
import { helloLoads } from './loads.mjs'

const least = 0.98
const mostReadyMs = 120

const pairs = ['own-express', 'own-fastify'].flatMap((app) => [
  { what: `${app}, single`, node: nodeOn(app), ours: lockstepOn(app, 'single'), workers: 1 },
  { what: `${app}, cluster`, node: nodeOn(`${app}-cluster`), ours: lockstepOn(app, 'cluster'), workers: 2 },
])

/** What it costs that a program is served by Lockstep, when it calls `listen()` itself. */
export const captured = {
  name: 'captured',
  about:
    'A program of Express and one of Fastify that call `listen()` themselves: run by `lockstep run`, and by `node`. Under `cluster` the other one uses `node:cluster`, with two workers too. Each round starts new processes. Both serve at the same time, and the processor time per request decides.',
  needs: ['wrk'],
  async measure({ quick }) {
    const results = []
    for (const pair of pairs) results.push({ ...pair, ...(await measurePair(pair, quick)) })
    return {
      figures: results.flatMap(figures),
      tables: [
        {
          title: 'A program that listens itself, under Lockstep and under Node',
          columns,
          rows: results.flatMap(rows),
        },
      ],
      charts: [],
    }
  },
}

async function measurePair({ node, ours, workers }, quick) {
  const rounds = quick ? 2 : 7
  const loads = helloLoads.filter(({ tls, keepAlive }) => !tls && (keepAlive || !quick))
  const served = await compareLoadsAnew([node, ours], loads, {
    ...{ rounds, most: quick ? rounds : 2 * rounds, atOnce: true },
    settings: { workers },
    cores: workers === 1 ? { server: 0, clients: 1 } : null,
  })
  const starts = await compare([node, ours], {
    ...{ rounds, most: rounds, decidedBy: 'startMs' },
    async measure(subject) {
      await using server = await subject.start({ workers })
      return { startMs: server.startMs }
    },
  })
  return { served, starts }
}

function figures({ what, node, ours, served, starts }) {
  const later = starts.of(ours.name, 'startMs').median - starts.of(node.name, 'startMs').median
  return [
    ...served.map(({ load, found }) => {
      const ratio = found.ratio(ours.name, 'perProcessorSecond')
      const failed = found.total(ours.name, 'failed')
      return {
        what: `${what}: requests per second of processor time, ${load.what}`,
        goal: `≥ ${least}`,
        found: shown(ratio, 3),
        met: ratio.median >= least && failed === 0,
        how: `${found.rounds} rounds${found.isSteady ? '' : ', which disagreed'}; ${failed} failed`,
        isSteady: found.isSteady,
      }
    }),
    {
      what: `${what}: first answer later than with node`,
      goal: `≤ ${mostReadyMs} ms`,
      found: `${Math.round(later)} ms`,
      met: later <= mostReadyMs,
      how: `medians of ${starts.rounds} rounds`,
    },
  ]
}

const columns = [
  'program',
  'load',
  'node, µs per request',
  'Lockstep, µs per request',
  'node, ms to first answer',
  'Lockstep, ms to first answer',
]

function rows({ what, node, ours, served, starts }) {
  return served.map(({ load, found }) => [
    what,
    load.what,
    ...[node, ours].map(({ name }) => shown(found.of(name, 'processorUs'), 1)),
    ...[node, ours].map(({ name }) => shown(starts.of(name, 'startMs'))),
  ])
}
