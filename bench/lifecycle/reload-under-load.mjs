import { setTimeout as pause } from 'node:timers/promises'
import { untilWorkersAnswer } from '../load/answering-workers.mjs'
import { clientsInAll, startWatchedLoad } from '../load/watched-load.mjs'
import { compare } from '../measuring/compare.mjs'
import { shown } from '../measuring/rounds.mjs'
import { lockstepCluster } from '../subjects/lockstep.mjs'
import { pm2 } from '../subjects/pm2.mjs'
import { present } from '../subjects/present.mjs'
import { startAll } from '../subjects/start-all.mjs'
import { watt } from '../subjects/watt.mjs'

/** Whoever can replace all its workers while it serves: it has `reload()`. */
const reloadable = [lockstepCluster, pm2, watt]
const ours = lockstepCluster.name
const workers = 2
/** Before the reload, so that every worker has answered. */
const beforeMs = 500
/** No old worker has answered for so long: none will any more. */
const quietMs = 1_000
const withinMs = 30_000

/** All workers are replaced while clients go on asking. */
export const reloadUnderLoad = {
  name: 'reload under load',
  about: `Two workers are replaced while ${clientsInAll} clients ask: a third of them on kept connections, a third on a connection for each request, a third for what takes 800 ms, each again 5 ms after its answer; a client gives up after 3 s without one. The reload is complete when the last answer of an old worker has come and each new one has answered, as the clients see it; the command is \`lockstep reload\`, \`pm2 reload\`, \`wattpm restart\`, or SIGHUP. A request that a client may send again, since its kept connection was closed without a byte of an answer, is sent again and has not failed (RFC 9110, section 9.2.2).`,
  async measure({ quick }) {
    const { subjects, skipped } = present(reloadable)
    await using started = await startAll(subjects, { workers })
    for (const { server } of started.servers) await untilWorkersAnswer(server, workers)
    const rounds = quick ? 1 : 3
    const found = await compare(started.servers, {
      rounds,
      most: rounds,
      decidedBy: 'completeMs',
      measure: ({ server }) => reloadOnce(server),
    })
    return {
      skipped,
      figures: figures(
        found,
        subjects.map(({ name }) => name),
      ),
      tables: [
        {
          title: 'Two workers replaced under load',
          columns,
          rows: subjects.map(({ name }) => row(found, name)),
        },
      ],
      charts: [
        {
          file: 'reload-under-load',
          title: 'Reload under load: until it is complete, and the longest that a client waited',
          kind: 'bars',
          unit: 'ms',
          categories: ['complete', 'longest wait'],
          series: subjects.map(({ name }) => ({
            name,
            values: [found.of(name, 'completeMs'), found.of(name, 'longestWaitMs')],
          })),
        },
      ],
    }
  },
}

async function reloadOnce(server) {
  const load = startWatchedLoad(server)
  await pause(beforeMs)
  const old = new Set(load.workers.keys())
  const began = load.begin()
  await server.reload()
  const commandMs = performance.now() - began
  const complete = await untilReplaced({ load, old, end: performance.now() + withinMs })
  const { failures, failedOf, ...seen } = await load.stop()
  return { ...seen, ...failedOf, failed: failures.length, commandMs, completeMs: complete - began }
}

async function untilReplaced({ load, old, end }) {
  for (; performance.now() < end; await pause(50)) {
    const seen = [...load.workers]
    const last = Math.max(...seen.filter(([who]) => old.has(who)).map(([, times]) => times.last))
    const fresh = seen.filter(([who]) => !old.has(who)).map(([, times]) => times.first)
    if (fresh.length >= workers && performance.now() - last > quietMs)
      return Math.max(last, ...fresh.toSorted((a, b) => a - b).slice(0, workers))
  }
  return Number.POSITIVE_INFINITY
}

function figures(found, names) {
  const failed = found.total(ours, 'failed')
  const judged = [
    {
      what: 'failed requests',
      goal: '0',
      found: `${failed} of ${(found.total(ours, 'answered') + failed).toLocaleString('en')}`,
      met: failed === 0,
      how: `${found.rounds} reloads; ${found.total(ours, 'sentAgain')} sent again`,
    },
  ]
  const times = (name) => found.of(name, 'completeMs').median
  const lossless = names.filter((name) => name !== ours && found.total(name, 'failed') === 0)
  const [fastest] = lossless.toSorted((a, b) => times(a) - times(b))
  if (fastest !== undefined) {
    const ratio = found.between(ours, fastest, 'completeMs').median
    judged.push({
      what: 'time to completion, to the fastest peer that loses nothing',
      goal: '≤ 1',
      found: `${ratio.toFixed(2)} of ${fastest}`,
      met: ratio <= 1,
      how: `${shown(found.of(ours, 'completeMs'))} ms to ${shown(found.of(fastest, 'completeMs'))} ms`,
    })
  }
  return judged
}

const columns = [
  '',
  'failed, kept connections',
  'failed, one connection a request',
  'failed, 800 ms',
  'of all',
  'sent again',
  'longest wait of a client, ms',
  'complete after, ms',
  'the command took, ms',
]

function row(found, name) {
  const total = (key) => found.total(name, key).toLocaleString('en')
  return [
    name,
    ...['kept', 'oneShot', 'slow'].map(total),
    (found.total(name, 'answered') + found.total(name, 'failed')).toLocaleString('en'),
    total('sentAgain'),
    ...['longestWaitMs', 'completeMs', 'commandMs'].map((key) => shown(found.of(name, key))),
  ]
}
