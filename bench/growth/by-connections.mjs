import { setTimeout as pause } from 'node:timers/promises'
import { wrk } from '../load/wrk.mjs'
import { memoryMb } from '../measuring/memory.mjs'
import { reusePort } from '../subjects/by-hand.mjs'
import { descriptors } from '../subjects/descriptors.mjs'
import { lockstepCluster } from '../subjects/lockstep.mjs'
import { grow } from './grow.mjs'

const measures = [
  { key: 'perSecond', what: 'requests per second' },
  { key: 'memoryMb', what: 'memory of all processes, MB' },
]

/** The cost of more connections. */
export const byConnections = {
  name: 'growth by connections',
  about:
    'Hello world on 10 to 10,000 kept connections (wrk), two workers. The memory of all processes (Pss) is measured while they are open. For comparison, `reusePort` processes.',
  needs: ['wrk'],
  async measure({ quick }) {
    const wanted = quick ? [10, 1_000] : [10, 100, 1_000, 10_000]
    // Some descriptors are for other things.
    const points = wanted.filter((connections) => connections + 200 <= descriptors())
    await using stack = new AsyncDisposableStack()
    const subjects = []
    for (const subject of [reusePort, lockstepCluster])
      subjects.push({ name: subject.name, server: stack.use(await subject.start({ workers: 2 })) })
    const grown = await grow({ points, subjects, rounds: quick ? 1 : 2, measure: sample })
    return {
      tables: [grown.table({ title: 'By connections', pointName: 'connections', measures })],
      charts: [
        {
          file: 'growth-connections-requests',
          title: 'Hello world, by the number of connections',
          kind: 'lines',
          xTitle: 'connections at once',
          yTitle: 'requests per second',
          xLog: true,
          series: grown.curves('perSecond'),
        },
        {
          file: 'growth-connections-memory',
          title: 'Memory of all processes, by the number of connections',
          kind: 'lines',
          xTitle: 'connections at once',
          yTitle: 'MB',
          xLog: true,
          series: grown.curves('memoryMb'),
        },
      ],
      skipped: wanted
        .filter((connections) => !points.includes(connections))
        .map((connections) => ({
          what: `${connections.toLocaleString('en')} connections`,
          why: `a process may open ${descriptors().toLocaleString('en')} files only`,
        })),
    }
  },
}

async function sample({ server }, connections) {
  // 10,000 do not fit into the queue at once: a client that finds it full tries again after a second.
  const seconds = connections < 10_000 ? 1 : 4
  const whileOpen = pause(seconds * 750).then(() => memoryMb(server.pids()))
  const { perSecond } = await wrk(server, { seconds, clients: connections, keepAlive: true })
  return { perSecond, memoryMb: await whileOpen }
}
