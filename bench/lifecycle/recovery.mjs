import { setTimeout as pause } from 'node:timers/promises'
import { untilWorkersAnswer } from '../load/answering-workers.mjs'
import { clientsInAll, startWatchedLoad } from '../load/watched-load.mjs'
import { compare } from '../measuring/compare.mjs'
import { shown } from '../measuring/rounds.mjs'
import { nodeCluster, reusePort } from '../subjects/by-hand.mjs'
import { gunicornUvicorn } from '../subjects/gunicorn.mjs'
import { lockstepCluster } from '../subjects/lockstep.mjs'
import { pm2 } from '../subjects/pm2.mjs'
import { present } from '../subjects/present.mjs'
import { watt } from '../subjects/watt.mjs'
import { lossCells, lossColumns } from './losses.mjs'

/** Subjects that have a process for each worker and replace it. */
const candidates = [lockstepCluster, nodeCluster, reusePort, pm2, gunicornUvicorn]
const ours = lockstepCluster.name
const workers = 2
/** Each worker has answered, and is working on requests that take 800 ms. */
const beforeMs = 500
const afterMs = 300
const withinMs = 30_000

export const recovery = {
  name: 'recovery',
  about: `One of two workers is killed with SIGKILL while ${clientsInAll} clients ask, as in the reload benchmark. Every server loses the requests that the worker was answering, above all those that take 800 ms. A server need not lose the connections that the worker had not accepted. A client gives up after 3 s without an answer. The server is at full strength when as many workers answer as before. Each round starts a new server, because a supervisor delays the restart of a worker that dies repeatedly.`,
  async measure({ quick }) {
    const { subjects, skipped } = present(quick ? [lockstepCluster, pm2] : candidates)
    const rounds = quick ? 1 : 3
    const found = await compare(subjects, { rounds, most: rounds, decidedBy: 'fullMs', measure: killOne })
    const names = subjects.map(({ name }) => name)
    return {
      skipped: [
        ...skipped,
        { what: watt.name, why: 'its workers are threads, and no signal ends a single thread' },
      ],
      figures: names.filter((name) => name !== ours).map((name) => figure(found, name)),
      tables: [
        {
          title: 'One of two workers killed under load',
          columns: ['', ...lossColumns, 'full strength after, ms'],
          rows: names.map((name) => [name, ...lossCells(found, name), shown(found.of(name, 'fullMs'))]),
        },
      ],
      charts: [
        {
          file: 'recovery',
          title: 'Time from SIGKILL of a worker to full strength',
          kind: 'bars',
          unit: 'ms',
          categories: ['full strength', 'longest wait'],
          series: names.map((name) => ({
            name,
            values: [found.of(name, 'fullMs'), found.of(name, 'longestWaitMs')],
          })),
        },
      ],
    }
  },
}

async function killOne(subject) {
  await using server = await subject.start({ workers })
  await untilWorkersAnswer(server, workers)
  const load = startWatchedLoad(server)
  await pause(beforeMs)
  const old = new Set(load.workers.keys())
  const began = load.begin()
  process.kill(JSON.parse([...old][0]).pid, 'SIGKILL')
  const full = await untilNewAnswers({ load, old, end: began + withinMs })
  await pause(afterMs)
  const { failures, failedOf, ...seen } = await load.stop()
  return { ...seen, ...failedOf, failed: failures.length, fullMs: full - began }
}

async function untilNewAnswers({ load, old, end }) {
  for (; performance.now() < end; await pause(10)) {
    const fresh = [...load.workers].find(([who]) => !old.has(who))
    if (fresh) return fresh[1].first
  }
  return Number.POSITIVE_INFINITY
}

function figure(found, name) {
  const ratio = found.between(ours, name, 'fullMs')
  // The server that is written by hand only starts a worker.
  const isJudged = name === pm2.name
  return {
    what: `time to full strength, relative to ${name}`,
    goal: isJudged ? '≤ 1' : null,
    found: shown(ratio, 2),
    met: isJudged ? ratio.median <= 1 : null,
    how: `${shown(found.of(ours, 'fullMs'))} ms against ${shown(found.of(name, 'fullMs'))} ms, ${found.rounds} rounds; ${found.total(ours, 'failed')} requests failed against ${found.total(name, 'failed')}`,
  }
}
