import { once } from 'node:events'
import { oneShotClient } from '../load/http-clients.mjs'
import { startCluster } from './start-cluster.mjs'

const clients = 32
const balances = ['round-robin', 'shared', 'reuse-port']

/** An ordinary stop by SIGTERM, while each client opens a connection for each request, until it is refused. */
export const stopUnderLoad = {
  name: 'stop under load',
  async measure({ quick }) {
    const plan = quick ? { stops: 1, loadMs: 300 } : { stops: 5, loadMs: 600 }
    const figures = []
    for (const balance of balances) figures.push(await measureOne(balance, plan))
    return { figures }
  },
}

async function measureOne(balance, { stops, loadMs }) {
  let answered = 0
  let slowestMs = 0
  const failures = []
  for (let stop = 0; stop < stops; stop += 1) {
    await using server = await startCluster({ workers: 2, flags: ['--balance', balance] })
    let isRefused = false
    const ask = async () => {
      const client = oneShotClient(server.url)
      while (!isRefused) {
        const { failure } = await client.ask()
        if (failure === null) answered += 1
        // A refused connection is what a stop means, and no request was sent on it.
        else if (failure.includes('ECONNREFUSED')) isRefused = true
        else failures.push(failure)
      }
      client.close()
    }
    const asking = Promise.all(Array.from({ length: clients }, ask))
    await new Promise((resolve) => setTimeout(resolve, loadMs))
    const began = performance.now()
    process.kill(server.pid, 'SIGTERM')
    await Promise.all([asking, once(server.child, 'exit')])
    slowestMs = Math.max(slowestMs, performance.now() - began)
  }
  return {
    what: `failed requests at a stop, ${balance}`,
    goal: '0',
    found: `${failures.length} of ${(answered + failures.length).toLocaleString('en')}`,
    met: failures.length === 0 && answered > 0,
    how: [
      `${clients} clients with one connection per request, 2 workers, ${stops} stops by SIGTERM, ${Math.round(slowestMs)} ms the slowest`,
      ...(failures.length > 0 ? [failures[0]] : []),
    ].join('; '),
  }
}
