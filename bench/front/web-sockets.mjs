import { setTimeout as pause } from 'node:timers/promises'
import { holdConnections } from '../load/hold-connections.mjs'
import { memoryMb } from '../measuring/memory.mjs'
import { lockstepFront } from './fronts.mjs'

/** Memory that a front keeps from its first connections is not a cost of the held ones. */
const warmCount = 200
const every = 50

/** WebSockets that say nothing: how many stay open, and their memory in the front. */
export async function webSockets({ servers }, { count, holdMs }) {
  const found = []
  for (const { name, server } of servers) found.push({ name, ...(await held(server, { count, holdMs })) })
  const ours = found.find(({ name }) => name === lockstepFront.name)
  return {
    figures: [
      {
        what: 'idle WebSockets lost',
        goal: '0',
        found: String(ours.lost),
        met: ours.lost === 0 && ours.answered === ours.asked && ours.asked > 0,
        how: `of ${count.toLocaleString('en')}, ${holdMs / 1_000} s after the last was opened; then ${ours.answered} of ${ours.asked} pings were answered`,
      },
    ],
    tables: [
      {
        title: 'WebSockets held idle over TLS',
        columns: ['front', 'held', 'lost', 'pings answered', 'KB each', 'MB before', 'MB with them'],
        rows: found.map(({ name, lost, asked, answered, kilobytes, before, after }) => [
          name,
          (count - lost).toLocaleString('en'),
          String(lost),
          `${answered} of ${asked}`,
          ...[kilobytes, before, after].map((value) => value.toFixed(1)),
        ]),
      },
    ],
  }
}

async function held(server, { count, holdMs }) {
  await warm(server)
  const before = memoryMb(server.pids())
  await using sockets = await holdConnections(server, count, 'webSockets')
  await pause(holdMs)
  const after = memoryMb(server.pids())
  const open = await sockets.count()
  const pinged = await sockets.ask(every)
  return { before, after, kilobytes: ((after - before) * 1_024) / open, lost: count - open, ...pinged }
}

async function warm(server) {
  await using _ = await holdConnections(server, warmCount, 'webSockets')
}
