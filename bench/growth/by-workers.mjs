import { memoryMb } from '../measuring/memory.mjs'
import { reusePort } from '../subjects/by-hand.mjs'
import { lockstepCluster } from '../subjects/lockstep.mjs'
import { underLoad } from '../throughput/compare-loads.mjs'
import { fullStrength } from './full-strength.mjs'
import { grow } from './grow.mjs'

const measures = [
  { key: 'startMs', what: 'first answer, ms' },
  { key: 'fullMs', what: 'answers of all workers, ms' },
  { key: 'memoryMb', what: 'memory of all processes, MB' },
  { key: 'perSecond', what: 'requests per second' },
]

/** The cost and the gain of more workers. */
export const byWorkers = {
  name: 'growth by workers',
  about:
    'From 1 to 16 workers, with a new server each time: the time to the first answer and until every worker has answered, the memory of all processes (Pss), and hello world on kept connections. For comparison, the simplest server that shares a port: processes with `reusePort` and a parent.',
  needs: ['wrk'],
  async measure({ quick }) {
    const grown = await grow({
      points: quick ? [1, 2] : [1, 2, 4, 8, 16],
      subjects: [reusePort, lockstepCluster],
      rounds: 1,
      measure: sample,
    })
    const chart = (key, file, title, yTitle) => ({
      file: `growth-workers-${file}`,
      title: `${title}, by the number of workers`,
      kind: 'lines',
      xTitle: 'workers',
      yTitle,
      xLog: true,
      series: grown.curves(key),
    })
    return {
      tables: [grown.table({ title: 'By workers', pointName: 'workers', measures })],
      charts: [
        chart('fullMs', 'start', 'Time from exec until every worker has answered', 'ms'),
        chart('memoryMb', 'memory', 'Memory of all processes', 'MB'),
        chart('perSecond', 'requests', 'Hello world, kept connections', 'requests per second'),
      ],
    }
  },
}

async function sample(subject, workers) {
  const since = performance.now()
  await using server = await subject.start({ workers })
  const fullMs = await fullStrength(server, { workers, since })
  const { perSecond } = await underLoad(server, { path: '/', keepAlive: true }, { seconds: 1 })
  return { startMs: server.startMs, fullMs, memoryMb: memoryMb(server.pids()), perSecond }
}
