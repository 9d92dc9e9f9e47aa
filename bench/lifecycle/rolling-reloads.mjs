import { setTimeout as pause } from 'node:timers/promises'
import { keepAliveClient, oneShotClient } from '../load/http-clients.mjs'
import { http2Client } from '../load/http2-client.mjs'
import { startLoad } from '../load/steady-load.mjs'
import { certificateFolder } from '../subjects/servers.mjs'
import { startCluster } from './start-cluster.mjs'

const clients = 16

/** Each has the same server and the same load, except for one thing. */
const variants = [
  { what: 'kept connections', client: keepAliveClient },
  { what: 'one connection per request', client: oneShotClient },
  { what: 'kept connections over TLS', client: keepAliveClient, tls: [] },
  { what: 'HTTP/2', client: http2Client, tls: ['--tls-protocols', 'h2,http/1.1'] },
  { what: 'kept connections, a handler of 800 ms', client: keepAliveClient, app: 'slow' },
  {
    what: 'kept connections, 200 requests per worker',
    client: keepAliveClient,
    flags: ['--max-requests', '200'],
  },
]

export const rollingReloads = {
  name: 'rolling reloads',
  async measure({ quick }) {
    const plan = quick ? { reloads: 1, durationMs: 800 } : { reloads: 5, durationMs: 6_000 }
    const figures = []
    for (const variant of variants) figures.push(await measureOne(variant, plan))
    return { figures }
  },
}

async function measureOne({ what, client, app, tls, flags = [] }, { reloads, durationMs }) {
  using pair = await certificateFolder()
  const tlsFlags = tls ? ['--tls-cert', pair.cert, '--tls-key', pair.key, ...tls] : []
  await using server = await startCluster({ app, flags: [...tlsFlags, ...flags] })
  const load = startLoad(Array.from({ length: clients }, () => client(server.url)))
  const started = performance.now()
  const times = []
  for (let done = 0; done < reloads; done += 1) {
    times.push((await server.reload()).durationMs)
    await pause(Math.max(0, ((done + 1) * durationMs) / reloads - (performance.now() - started)))
  }
  const { answered, sentAgain, failures } = await load.stop()
  const seconds = (performance.now() - started) / 1_000
  const recycled = server.count(({ cause }) => cause === 'requests')
  const died = server.count(({ message = '' }) => /^worker \d died/.test(message))
  return {
    what: `failed requests, ${what}`,
    goal: '0',
    found: `${failures.length} of ${(answered + failures.length).toLocaleString('en')}`,
    met: failures.length === 0 && died === 0 && times.length === reloads && answered > 0,
    how: [
      `${clients} clients, 3 workers, ${reloads} reloads of the app in ${seconds.toFixed(1)} s, ${Math.max(...times)} ms the slowest`,
      `${sentAgain} sent again as RFC 9110 section 9.2.2 and RFC 9113 section 8.7 allow`,
      ...(flags.length > 0 ? [`${recycled} log lines about recycled workers`] : []),
      ...(failures.length > 0 ? [failures[0]] : []),
    ].join('; '),
  }
}
