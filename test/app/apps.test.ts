import { once } from 'node:events'
import { createServer } from 'node:http'
import { type LaunchHandle, type LockstepConfig, launch } from '@lockstep/core'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { type Pair, pairFiles } from '../support/certificates.ts'
import { type Answer, echoByParts, exchange, header } from '../support/exchange.ts'
import { type Started, startLockstep } from '../support/lockstep.ts'

const single = ['--backend', 'single', '--port', '0'] as const
const cluster = ['--backend', 'cluster', '--port', '0'] as const

/** The answer of a backend to each kind of request. The process that answered is kept apart from the answer. */
interface Answers {
  readonly answers: Readonly<Record<'get' | 'head' | 'post' | 'stream' | 'missing', Answer>>
  readonly pids: readonly number[]
}

const posted = `${'é'.repeat(100_000)}\n`
const parts = ['first\n', 'second\n', 'third\n']

async function questionAll({ url }: Started): Promise<Answers> {
  const type = { 'Content-Type': 'text/x-anything' }
  const answers = {
    get: await exchange(url, { path: '/hello?to=you' }),
    head: await exchange(url, { path: '/hello?to=you', method: 'HEAD' }),
    post: await exchange(url, { path: '/echo', method: 'POST', headers: type, body: posted }),
    stream: await echoByParts(url, { path: '/echo', headers: type, parts }),
    missing: await exchange(url, { path: '/nowhere' }),
  }
  return {
    answers: Object.fromEntries(
      Object.entries(answers).map(([kind, answer]) => [kind, without(answer, 'X-Worker')]),
    ) as Answers['answers'],
    pids: Object.values(answers)
      .flatMap((answer) => header(answer, 'X-Worker') ?? [])
      .map(Number),
  }
}

function without(answer: Answer, unwanted: string): Answer {
  return {
    ...answer,
    headers: answer.headers.filter(([name]) => name.toLowerCase() !== unwanted.toLowerCase()),
  }
}

describe('the same app returns the same answers under single and cluster:', () => {
  it.each([
    { shape: 'a (req, res) function', app: 'function.js', kind: '(req, res)' },
    { shape: '{ fetch }', app: 'fetch-object.js', kind: '{ fetch }' },
    { shape: 'an Express app', app: 'express.js', kind: 'Express' },
    { shape: 'a Koa app', app: 'koa.js', kind: 'Koa' },
    { shape: 'a Fastify app', app: 'fastify.js', kind: 'Fastify' },
    { shape: 'a Hono app', app: 'hono.js', kind: 'Hono' },
    { shape: 'an http.Server', app: 'http-server.js', kind: 'http.Server' },
    { shape: 'a promise of an app', app: 'promise.js', kind: '(req, res)' },
    { shape: 'a factory of a (req, res) function', app: 'factories.js', kind: '(req, res)' },
    { shape: 'a factory of { fetch }', app: 'factories.js:createFetchObject', kind: '{ fetch }' },
    { shape: 'a factory of an Express app', app: 'factories.js:createExpress', kind: 'Express' },
    { shape: 'a factory of a Koa app', app: 'factories.js:createKoa', kind: 'Koa' },
    { shape: 'a factory of a Fastify app', app: 'factories.js:createFastify', kind: 'Fastify' },
    { shape: 'a factory of a Hono app', app: 'factories.js:createHono', kind: 'Hono' },
    { shape: 'a factory of an http.Server', app: 'factories.js:createHttpServer', kind: 'http.Server' },
    { shape: 'an export named app', app: 'exported-app.js', kind: '(req, res)' },
    { shape: 'a module that exports fetch', app: 'exported-fetch.js', kind: '{ fetch }' },
    { shape: 'a CommonJS module', app: 'commonjs/app.js', kind: '(req, res)' },
    { shape: 'a name in module.exports', app: 'commonjs/named.js:createApp', kind: '(req, res)' },
    { shape: 'a default export compiled to CommonJS', app: 'commonjs/compiled.js', kind: '(req, res)' },
    { shape: 'TypeScript with erasable types', app: 'erasable.ts', kind: '(req, res)' },
    { shape: 'TypeScript that needs a transform', app: 'with-enum.ts', kind: 'Express' },
  ])('$shape', async ({ app, kind }) => {
    const start = (args: readonly string[]): Promise<Started> =>
      startLockstep(['run', `shapes/${app}`, ...args, '--log-level', 'debug'])
    await using one = await start(single)
    await using several = await start([...cluster, '--workers', '2'])

    const { answers, pids } = await questionAll(one)
    expect(answers.get).toMatchObject({ status: 200, body: 'hello you\n' })
    expect(header(answers.get, 'X-App')).toBe('shape')
    expect(header(answers.get, 'Content-Type')).toMatch(/^text\/plain; ?charset=utf-8$/i)
    // RFC 9110 section 9.3.2: the same headers, where those are known without the body.
    expect(answers.head).toEqual({ ...without(answers.get, 'Transfer-Encoding'), body: '' })
    expect(answers.post).toMatchObject({ status: 200, body: posted })
    expect(header(answers.post, 'Content-Type')).toMatch(/^text\/x-anything/)
    expect(answers.stream).toMatchObject({ status: 200, body: parts.join('') })
    expect(header(answers.stream, 'Transfer-Encoding')).toBe('chunked')
    expect(answers.missing).toMatchObject({ status: 404 })
    expect(new Set(pids)).toEqual(new Set([one.pid]))
    expect(one.stderr()).toContain(`"app":${JSON.stringify(kind)}`)

    const ofWorkers = await questionAll(several)
    expect(ofWorkers.answers).toEqual(answers)
    expect(several.processes()).toEqual(expect.arrayContaining([...ofWorkers.pids]))
    expect(ofWorkers.pids).not.toContain(several.pid)
    expect(several.stderr().split(`"app":${JSON.stringify(kind)}`)).toHaveLength(3)
  })
})

describe('two workers', () => {
  it('share fresh connections that come one after the other', async () => {
    await using server = await startLockstep([
      ...['run', 'shapes/function.js', '--workers', '2', '--balance', 'round-robin'],
      ...cluster,
    ])
    const counts = new Map<number, number>()
    for (let asked = 0; asked < 40; asked += 1) {
      const pid = Number(header(await exchange(server.url), 'X-Worker'))
      counts.set(pid, (counts.get(pid) ?? 0) + 1)
    }
    const workers = server.processes().filter((pid) => pid !== server.pid)
    expect([...counts.keys()].sort()).toEqual(workers.sort())
    // In turn, as long as each worker accepts its connection before the next one comes.
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(10)
  })
})

describe.each([
  { backend: 'single', args: single, workers: 1 },
  // In turn, so that three connections meet both.
  { backend: 'cluster', args: [...cluster, '--workers', '2', '--balance', 'round-robin'], workers: 2 },
])('WebSockets of an http.Server under $backend', ({ args, workers }) => {
  it.each(['plain', 'over TLS'])('are opened, echo and close: %s', async (over) => {
    const pair = over === 'plain' ? null : await pairFiles()
    const tls = pair ? ['--cert', pair.cert, '--key', pair.key] : []
    await using server = await startLockstep(['run', 'shapes/web-socket.js', ...args, ...tls])
    // Of three connections in a row, two form a full round, in which each of two workers gets one.
    const sockets = [
      await openSocket(server, pair),
      await openSocket(server, pair),
      await openSocket(server, pair),
    ]
    expect(new Set(sockets.map(({ pid }) => pid)).size).toBe(workers)
    for (const { socket } of sockets) {
      const large = Buffer.alloc(1_000_000, 'x')
      expect(await sendAndReceive(socket, 'hello')).toEqual(['hello', false])
      expect(await sendAndReceive(socket, large)).toEqual([large.toString(), true])
      const closed = once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
      socket.close(1000)
      expect((await closed)[0]).toBe(1000)
    }
    expect(await exchange(server.url, { ...(pair && { ca: pair.certPem }) })).toMatchObject({ status: 404 })
  })

  it('do not keep the server from stopping, and get a Close frame', async () => {
    await using server = await startLockstep([
      ...['run', 'shapes/web-socket.js', '--graceful-timeout', '20s'],
      ...args,
    ])
    const { socket } = await openSocket(server, null)
    const closed = once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
    server.signal('SIGTERM')
    expect(await server.finished(10_000)).toMatchObject({ code: 0 })
    expect((await closed)[0]).toBe(1001)
  })
})

async function openSocket(server: Started, pair: Pair | null): Promise<{ socket: WebSocket; pid: number }> {
  const socket = new WebSocket(new URL('/socket', server.url.replace(/^http/, 'ws')), {
    ...(pair && { ca: pair.certPem }),
  })
  const [pid] = await once(socket, 'message', { signal: AbortSignal.timeout(10_000) })
  return { socket, pid: Number(pid) }
}

async function sendAndReceive(socket: WebSocket, message: string | Buffer): Promise<[string, boolean]> {
  const received = once(socket, 'message', { signal: AbortSignal.timeout(10_000) })
  socket.send(message)
  const [data, isBinary] = (await received) as [Buffer, boolean]
  return [data.toString(), isBinary]
}

describe.each([
  { backend: 'single', args: single },
  { backend: 'cluster', args: cluster },
])('a handler that fails under $backend', ({ args }) => {
  it.each([
    { shape: 'a (req, res) function', name: 'default', ways: ['/throws', '/rejects'] },
    { shape: '{ fetch }', name: 'fetchObject', ways: ['/throws', '/rejects'] },
    { shape: 'an http.Server', name: 'httpServer', ways: ['/throws', '/rejects'] },
    { shape: 'an Express app', name: 'expressApp', ways: ['/throws'] },
    { shape: 'a Koa app', name: 'koaApp', ways: ['/throws'] },
    { shape: 'a Hono app', name: 'honoApp', ways: ['/throws'] },
  ])(
    'causes a 500, is logged with its stack, and does not affect other requests: $shape',
    async ({ name, ways }) => {
      await using server = await startLockstep(['run', `shapes/failing.js:${name}`, ...args], {
        // With NODE_ENV "test", Express does not log.
        env: { NODE_ENV: 'production' },
      })
      const { body: pid } = await exchange(server.url)
      for (const [failures, path] of ways.entries()) {
        const answer = await exchange(server.url, { path })
        expect(answer.status).toBe(500)
        expect(answer.body).not.toContain('on purpose')
        await server.waitFor(stacks(failures + 1))
      }
      expect(await exchange(server.url)).toMatchObject({ status: 200, body: pid })
    },
  )

  it('has its response cut off if part of it was already sent', async () => {
    await using server = await startLockstep(['run', 'shapes/failing.js', ...args])
    const { body: pid } = await exchange(server.url)
    await expect(exchange(server.url, { path: '/breaks-off' })).rejects.toThrow('aborted')
    await server.waitFor(stacks(1))
    expect(await exchange(server.url)).toMatchObject({ status: 200, body: pid })
  })
})

/** The message of each expected failure, with the line of the app in its stack. */
function stacks(count: number): RegExp {
  return new RegExp(String.raw`(?:failed on purpose[\s\S]+?failing\.js:\d+[\s\S]*?){${count}}`)
}

describe('an app in memory', () => {
  const fails = (): never => {
    throw new Error('failed in memory')
  }

  it.each([
    {
      shape: '(req, res) that throws',
      app: (request: { url?: string }, response: { end(text: string): void }) =>
        request.url === '/' ? response.end('fine') : fails(),
    },
    {
      shape: '(req, res) that rejects',
      app: async (request: { url?: string }, response: { end(text: string): void }) =>
        request.url === '/' ? response.end('fine') : fails(),
    },
    {
      shape: '{ fetch } that throws',
      app: {
        fetch: (request: Request) => (new URL(request.url).pathname === '/' ? new Response('fine') : fails()),
      },
    },
    {
      shape: '{ fetch } that rejects',
      app: {
        fetch: async (request: Request) =>
          new URL(request.url).pathname === '/' ? new Response('fine') : fails(),
      },
    },
    {
      shape: 'a promise of (req, res) that throws',
      app: Promise.resolve((request: { url?: string }, response: { end(text: string): void }) =>
        request.url === '/' ? response.end('fine') : fails(),
      ),
    },
    {
      shape: 'an http.Server with a listener that rejects',
      app: createServer(async (request, response) => {
        if (request.url !== '/') fails()
        response.end('fine')
      }),
    },
  ])(
    'is served in this process, and its failures are answered with 500 and logged: $shape',
    async ({ app }) => {
      const logged = captureLog()
      await using handle = await launchAlone({ app, port: 0, log: { format: 'json' } })
      const url = handle.url
      expect(await exchange(url, { path: '/other' })).toMatchObject({ status: 500 })
      expect(logged().find(({ message }) => message === 'the app failed on a request')).toMatchObject({
        level: 'error',
        method: 'GET',
        target: '/other',
        stack: expect.stringMatching(/^Error: failed in memory\n\s+at .*apps\.test\.ts/),
      })
      expect(await exchange(url)).toMatchObject({ status: 200, body: 'fine' })
      expect(handle.workers).toMatchObject([{ pid: process.pid, state: 'ready' }])
    },
  )
})

/** Nothing but these options. */
function launchAlone(options: LockstepConfig): Promise<LaunchHandle> {
  return launch(options, { config: false, envFile: false, environment: false })
}

/** The log of this process, whose lines are JSON. */
function captureLog(): () => Record<string, unknown>[] {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  return () => write.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>)
}
