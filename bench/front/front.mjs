import { addedLatency, lateness } from './latency.mjs'
import { restarts } from './restarts.mjs'
import { startFronts } from './start-fronts.mjs'
import { throughput } from './throughput.mjs'
import { transferDown, transferUp } from './transfers.mjs'
import { webSockets } from './web-sockets.mjs'

const cores = { server: 0, clients: 1 }
const megabyte = 1_048_576

/** A program that isn't ours behind `lockstep exec`, and behind the usual reverse proxies. */
export const front = {
  name: 'front',
  about: `\`lockstep exec\` against Caddy's \`reverse_proxy\` and nginx's \`proxy_pass\` with kept connections. All pass requests on to the same process: an nginx that Lockstep has started. Each front has one thread on one core. The clients and the program behind are on the other. All use TLS 1.3 with the same certificate and the same cipher suite, which is checked. The ratios of the throughput are those of requests per second of processor time: the clients and the program behind share a core, and nginx alone is faster than that core.`,
  needs: ['wrk', 'nginx'],
  async measure({ quick }) {
    const largeBytes = (quick ? 100 : 1_024) * megabyte
    const parts = []
    {
      await using started = await startFronts({ program: 'nginx', cores, largeBytes })
      const settings = { ...started, cores, quick }
      parts.push({ skipped: started.skipped })
      parts.push(await throughput(settings))
      parts.push(await lateness(settings))
      parts.push(await addedLatency(settings))
      parts.push(await transferDown(settings, { bytes: largeBytes }))
    }
    {
      await using started = await startFronts({ program: 'node', cores })
      parts.push(await transferUp(started, { bytes: largeBytes }))
      parts.push(await webSockets(started, { count: quick ? 500 : 5_000, holdMs: quick ? 500 : 5_000 }))
    }
    parts.push(await restarts({ reloads: quick ? 1 : 5, certificates: quick ? 2 : 10 }))
    const all = (key) => parts.flatMap((part) => part[key] ?? [])
    return { figures: all('figures'), tables: all('tables'), charts: all('charts'), skipped: all('skipped') }
  },
}
