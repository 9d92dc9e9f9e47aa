import { setTimeout as pause } from 'node:timers/promises'
import { untilWorkersAnswer } from '../load/answering-workers.mjs'
import { keepAliveClient } from '../load/http-clients.mjs'
import { startLoad } from '../load/steady-load.mjs'
import { compare } from '../measuring/compare.mjs'
import { proportionalMb, residentMb } from '../measuring/memory.mjs'
import { shown } from '../measuring/rounds.mjs'
import { bareNode, nodeCluster } from '../subjects/by-hand.mjs'
import { lockstepCluster, lockstepSingle } from '../subjects/lockstep.mjs'
import { pm2 } from '../subjects/pm2.mjs'
import { present } from '../subjects/present.mjs'
import { watt } from '../subjects/watt.mjs'

const candidates = [
  { subject: bareNode, workers: 1 },
  { subject: lockstepSingle, workers: 1 },
  { subject: lockstepCluster, workers: 2 },
  { subject: nodeCluster, workers: 2 },
  { subject: pm2, workers: 2 },
  { subject: watt, workers: 2 },
]
const clients = 16
const withinMs = 60_000

export const memory = {
  name: 'memory',
  about:
    'One server at a time, after the same number of requests and a pause. Whole: all its processes, with shared memory divided among them (Pss). Primary and worker: resident memory including shared pages (RSS). PM2 includes its daemon, which is its primary. The workers of Watt are threads of one process.',
  async measure({ quick }) {
    const extent = quick ? { requests: 1_000, pauseMs: 500 } : { requests: 5_000, pauseMs: 700 }
    const rounds = quick ? 1 : 2
    const { subjects, skipped } = present(
      candidates.map(({ subject }) => subject).filter((subject) => !(quick && subject === watt)),
    )
    const chosen = candidates.filter(({ subject }) => subjects.includes(subject))
    const found = await compare(
      chosen.map(({ subject, workers }) => ({ name: subject.name, subject, workers })),
      {
        rounds,
        most: rounds,
        decidedBy: 'whole',
        measure: ({ subject, workers }) => memoryOf(subject, { workers, ...extent }),
      },
    )
    const peers = [pm2, watt].filter((peer) => subjects.includes(peer)).map(({ name }) => name)
    return {
      skipped,
      figures: [
        figure(found, lockstepSingle.name, { to: bareNode.name }),
        figure(found, lockstepCluster.name, { to: nodeCluster.name }),
        ...peers.map((name) => figure(found, lockstepCluster.name, { to: name, most: 1 })),
      ],
      tables: [{ title: 'Memory in MB', columns, rows: chosen.map((candidate) => row(found, candidate)) }],
      charts: [
        {
          file: 'memory',
          title: 'Memory of the whole server',
          kind: 'bars',
          unit: 'MB',
          categories: chosen.map(({ subject: { name } }) => name),
          series: [{ name: 'whole', values: chosen.map(({ subject: { name } }) => found.of(name, 'whole')) }],
        },
      ],
    }
  },
}

async function memoryOf(subject, { workers, requests, pauseMs }) {
  await using server = await subject.start({ workers })
  await untilWorkersAnswer(server, workers)
  await ask(server, requests)
  await pause(pauseMs)
  const pids = server.pids()
  return {
    whole: pids.reduce((sum, pid) => sum + proportionalMb(pid), 0),
    processes: pids.length,
    primary: residentMb(server.pid),
    worker: mean(pids.filter((pid) => pid !== server.pid).map(residentMb)),
  }
}

/** A slow subject is asked as often as a fast one. */
async function ask({ url }, requests) {
  const enough = Promise.withResolvers()
  let answered = 0
  const onOutcome = ({ failure }) => {
    if (failure === null) answered += 1
    if (answered === requests) enough.resolve()
  }
  const askers = Array.from({ length: clients }, () => keepAliveClient(`${url}/pid`))
  const load = startLoad(askers, { onOutcome })
  await Promise.race([enough.promise, pause(withinMs, undefined, { ref: false })])
  await load.stop()
  if (answered < requests) throw new Error(`${url} answered ${answered} of ${requests} requests in time`)
}

/** No number for no process. */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function figure(found, ours, { to, most = null }) {
  const ratio = found.between(ours, to, 'whole')
  return {
    what: `${ours}: whole, relative to ${to}`,
    goal: most === null ? null : `≤ ${most}`,
    found: shown(ratio, 2),
    met: most === null ? null : ratio.median <= most,
    how: `${shown(found.of(ours, 'whole'), 1)} MB against ${shown(found.of(to, 'whole'), 1)} MB, ${found.rounds} rounds`,
  }
}

const columns = ['', 'workers', 'processes', 'whole', 'primary', 'a worker']

function row(found, { subject: { name }, workers }) {
  const cell = (key) => {
    const value = found.of(name, key)
    return Number.isNaN(value.median) ? '–' : shown(value, 1)
  }
  return [
    name,
    String(workers),
    String(found.of(name, 'processes').median),
    ...['whole', 'primary', 'worker'].map(cell),
  ]
}
