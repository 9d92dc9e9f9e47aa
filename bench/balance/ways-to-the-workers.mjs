import { wrk } from '../load/wrk.mjs'
import { processorMs } from '../measuring/processor-time.mjs'
import { shown, summary, takeTurns } from '../measuring/rounds.mjs'
import { treeOf } from '../subjects/process-tree.mjs'
import { startPlainHost } from '../subjects/servers.mjs'

const ways = ['round-robin', 'shared', 'reuse-port']
const clients = 32

/** The cost of each value of `balance`: hello world, two workers. */
export const waysToTheWorkers = {
  name: 'ways to the workers',
  async measure({ quick }) {
    const extent = { rounds: quick ? 1 : 3, seconds: quick ? 1 : 2 }
    const figures = []
    for (const keepAlive of quick ? [false] : [false, true])
      figures.push(...(await compare({ ...extent, keepAlive })))
    return { figures }
  },
}

async function compare({ rounds, seconds, keepAlive }) {
  const processor = new Map(ways.map((name) => [name, []]))
  let failed = 0
  const perSecond = await takeTurns(
    ways.map((name) => ({ name })),
    {
      rounds,
      async measure({ name }) {
        await using server = await startPlainHost({
          backend: 'cluster',
          workers: 2,
          balance: name,
          timeouts: { keepAlive: '30s' },
        })
        await wrk(server, { seconds: 1, clients, keepAlive })
        const before = processorMs(treeOf(server.pid))
        const seen = await wrk(server, { seconds, clients, keepAlive })
        processor.get(name).push(((processorMs(treeOf(server.pid)) - before) * 1_000) / seen.requests)
        failed += seen.failed
        return seen.perSecond
      },
    },
  )
  const load = keepAlive ? 'kept connections' : 'one connection per request'
  const how = `wrk, ${clients} clients, one thread; 2 workers; median, lowest and highest of ${rounds} rounds`
  const cost = (name) => summary(processor.get(name)).median
  const figure = (name) => ({
    what: `${name}: processor time per request, ${load}`,
    goal: name === 'round-robin' ? 'none' : 'no more than round-robin',
    found: `${cost(name).toFixed(0)} µs; ${shown(perSecond.get(name))} per second`,
    // Other processes of the machine affect the throughput, but hardly this value.
    met: failed === 0 && cost(name) <= 1.1 * cost('round-robin'),
    how: failed > 0 ? `${how}; ${failed} requests failed` : how,
  })
  return ways.map(figure)
}
