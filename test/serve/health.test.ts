import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type LaunchError, type LockstepConfig, launch, type WorkerStatus } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { fixtures } from '../support/lockstep.ts'
import { killProcess } from '../support/processes.ts'
import { waitUntil } from '../support/wait-until.ts'

const alone = { config: false, envFile: false, environment: false } as const
const health = { ready: '/ready', live: '/live' } as const
const quiet = { port: 0, health, log: { level: 'silent' } } as const satisfies LockstepConfig

interface Told {
  readonly status: number
  readonly body: string
  readonly connection: string | undefined
}

/** Sends requests on one kept connection. */
function keptClient(url: string): { ask(path: string): Promise<Told> } & Disposable {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  return {
    async ask(path) {
      const request = http.get(new URL(path, url), { agent, signal: AbortSignal.timeout(10_000) })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      return {
        status: response.statusCode ?? 0,
        body: await text(response),
        connection: response.headers.connection,
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

/** Asks one of the processes whether the server is ready. */
async function askOf(pid: string, url: string): Promise<Told> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    using client = keptClient(url)
    if ((await client.ask('/pid')).body === pid) return await client.ask('/ready')
  }
  throw new Error(`process ${pid} answers no request`)
}

describe('readiness', () => {
  it.skipIf(process.platform === 'win32')(
    'belongs to the server: a single draining worker answers 200 until it ends',
    async () => {
      const app = join(fixtures, 'apps/answers-slowly.js')
      await using handle = await launch(
        { ...quiet, app, workers: 2, timeouts: { graceful: '10s', keepAlive: '1m' } },
        alone,
      )
      const url = handle.url
      using slow = keptClient(url)
      using kept = keptClient(url)
      // Both connections must belong to the same worker, so that it drains as long as the slow answer takes.
      const pid = (await slow.ask('/pid')).body
      let same = keptClient(url)
      await waitUntil(
        async () => {
          same[Symbol.dispose]()
          same = keptClient(url)
          return (await same.ask('/pid')).body === pid
        },
        { what: 'a second connection to the same worker' },
      )
      const answer = slow.ask('/slow')
      await waitUntil(async () => (await same.ask('/in-flight')).body === '1', { what: 'the slow request' })
      process.kill(Number(pid), 'SIGTERM')
      await waitUntil(() => handle.workers.some(({ state }) => state === 'draining'), {
        what: 'the worker to drain',
      })
      const told = await same.ask('/ready')
      expect([told.status, told.connection]).toEqual([200, 'close'])
      expect((await kept.ask('/ready')).status).toBe(200)
      expect((await answer).body).toBe(`${pid} slowly`)
      same[Symbol.dispose]()
    },
  )

  it.each(['single', 'cluster'])('is 503 in every process while the server stops (%s)', async (backend) => {
    const handle = await launch(
      {
        ...quiet,
        app: join(fixtures, 'apps/answers-slowly.js'),
        backend,
        ...(backend === 'cluster' && { workers: 3 }),
        timeouts: { drainDelay: '30s', graceful: '1s' },
      },
      alone,
    )
    // The system chooses the worker of each connection. This many connections miss one of three workers once in a billion runs.
    const clients = Array.from({ length: 60 }, () => keptClient(handle.url))
    const pids = new Set<string>()
    for (const client of clients) pids.add((await client.ask('/pid')).body)
    expect(pids.size).toBe(backend === 'cluster' ? 3 : 1)
    const began = performance.now()
    const graceful = handle.stop()
    await waitUntil(
      async () =>
        (await Promise.all(clients.map((client) => client.ask('/ready')))).every(
          ({ status }) => status === 503,
        ),
      { what: 'every process to answer 503' },
    )
    expect((await Promise.all(clients.map((client) => client.ask('/live')))).map(({ body }) => body)).toEqual(
      clients.map(() => 'live\n'),
    )
    // A stop that is more urgent skips what is left of the delay.
    await handle.stop({ force: true })
    await graceful
    expect(performance.now() - began).toBeLessThan(10_000)
    for (const client of clients) client[Symbol.dispose]()
  })

  it('is also 503 in a worker that starts while the server stops', async () => {
    const app = join(fixtures, 'apps/answers-slowly.js')
    const handle = await launch({ ...quiet, app, workers: 2, timeouts: { drainDelay: '30s' } }, alone)
    const before = handle.workers.map(({ pid }) => pid)
    const stopped = handle.stop()
    killProcess(before[0])
    const isNew = ({ pid, state }: WorkerStatus): boolean => state === 'ready' && !before.includes(pid)
    await waitUntil(() => handle.workers.some(isNew), { what: 'a new worker' })
    const successor = String(handle.workers.find(isNew)?.pid)
    const told = await askOf(successor, handle.url)
    expect(told.status).toBe(503)
    await handle.stop({ force: true })
    await stopped
  })

  it('answers HEAD without a body, and has a separate path from liveness', async () => {
    await using handle = await launch(
      { ...quiet, app: (_: IncomingMessage, response: ServerResponse) => response.end('app') },
      alone,
    )
    const response = await fetch(new URL('/ready', handle.url), { method: 'HEAD' })
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
      200,
      '6',
      '',
    ])
    const error = await launch(
      { ...quiet, app: () => undefined, health: { ready: '/x', live: '/x' } },
      alone,
    ).then(
      () => expect.unreachable('it was launched'),
      (reason: LaunchError) => reason,
    )
    expect(error.code).toBe('LOCKSTEP_ERR_OPTION_CONFLICT')
  })

  it.each(['ready', '/ready?x', '/a b', 'http://x/ready', ''])('cannot have the path "%s"', async (ready) => {
    const error = await launch({ ...quiet, app: () => undefined, health: { ready } }, alone).then(
      () => expect.unreachable('it was launched'),
      (reason: LaunchError) => reason,
    )
    expect(error.faults.map(({ code }) => code)).toEqual(['LOCKSTEP_ERR_OPTION_INVALID'])
  })
})
