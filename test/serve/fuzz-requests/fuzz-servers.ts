import { fileURLToPath } from 'node:url'
import { launch } from '@lockstep/core'
import { askWell } from './ask-well.ts'
import { fuzzRequests } from './fuzz-requests.ts'

const app = fileURLToPath(new URL('../../fixtures/fuzz/spoils-answers.js', import.meta.url))
/** Memory limit of one serving process after the run. Under `single`, the load runs in the same process. */
const mostRss = 600 * 2 ** 20

/** The certificate for TLS. Without it, only plain HTTP is fuzzed. */
export interface Pair {
  readonly cert: string
  readonly key: string
}

/** Sends each backend, with and without TLS, its share of odd requests for a misbehaving app. Returns one line for each problem. */
export async function fuzzServers({
  seed,
  count,
  pair,
}: {
  seed: number
  count: number
  pair: Pair
}): Promise<{ found: string[]; summary: string }> {
  const found: string[] = []
  const summary: string[] = []
  const onException = (error: unknown): void => {
    found.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  process.on('uncaughtException', onException)
  try {
    for (const backend of ['single', 'cluster'] as const)
      for (const isSecured of [false, true]) {
        const name = `${backend}, ${isSecured ? 'TLS' : 'plain'}`
        const server = await launch(
          {
            app,
            backend,
            port: 0,
            ...(backend === 'cluster' && { workers: 2 }),
            log: { level: 'silent' },
            health: { live: '/live' },
            timeouts: { graceful: '2s', keepAlive: '1s' },
            ...(isSecured && { tls: { ...pair, protocols: ['h2', 'http/1.1'] } }),
          },
          { config: false, envFile: false, environment: false },
        )
        let isStopping = false
        server.on('worker:exited', (event) => {
          if (!isStopping || event.code !== 0) found.push(`${name}: ${JSON.stringify(event)}`)
        })
        const port = Number(new URL(server.url).port)
        const started = performance.now()
        const { sent, answers } = await fuzzRequests(
          { port, isSecured },
          { seed, count: Math.ceil(count / 4) },
        )
        const after = await Promise.all(Array.from({ length: 8 }, () => askWell({ port, isSecured }))).catch(
          (error: Error) => {
            found.push(`${name}: no answer after it: ${error.message}`)
            return []
          },
        )
        const rss = Math.max(0, ...after.map((one) => one.rss))
        if (rss > mostRss) found.push(`${name}: ${Math.round(rss / 2 ** 20)} MB of memory after it`)
        summary.push(
          `${name}: ${sent} requests in ${Math.round(performance.now() - started)} ms, ${JSON.stringify(answers)}, ${Math.round(rss / 2 ** 20)} MB`,
        )
        isStopping = true
        // A graceful stop, with the connections that the run has left open.
        await server.stop()
      }
  } finally {
    process.off('uncaughtException', onException)
  }
  return { found, summary: summary.join('\n') }
}
