import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { failedLaunch, reportedCodes } from '../support/failed-launch.ts'
import { runLockstep, type Started, startLockstep } from '../support/lockstep.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Sends text on a new connection. Resolves when the answer matches, or when the server has closed the connection. */
async function send({ port, url }: Started, text: string, until: RegExp = /\r\n\r\n./): Promise<string> {
  const socket: Socket = url.startsWith('https:')
    ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
    : connect(port, '127.0.0.1')
  socket.on('error', () => undefined).write(text)
  const closed = Promise.withResolvers<void>()
  const late = setTimeout(() => closed.reject(new Error(`nothing of it came: ${until}`)), 10_000)
  socket.once('close', () => closed.resolve())
  let received = ''
  socket.on('data', (data: Buffer) => {
    received += data.toString('latin1')
    if (until.test(received)) socket.destroy()
  })
  await closed.promise.finally(() => clearTimeout(late))
  return received
}

function get(path = '/', more = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`
}

function expecting(what: string, more = ''): string {
  return `POST / HTTP/1.1\r\nHost: x\r\nExpect: ${what}\r\nContent-Length: 0\r\n${more}\r\n`
}

async function seen(server: Started): Promise<Record<string, unknown>[]> {
  const text = await send(server, get('/seen', 'Connection: close\r\n'), /never/)
  return JSON.parse(/\[.*\]/.exec(text)?.[0] ?? '[]')
}

/** Sends a request over HTTP/2 with `Expect: 100-continue`. Returns whether 100 came, and the final answer. */
async function expectOverHttp2({ url }: Started, more: Record<string, string> = {}) {
  const session = connectHttp2(url, { rejectUnauthorized: false })
  session.on('error', () => undefined)
  const stream = session.request({ ':method': 'POST', expect: '100-continue', ...more })
  let continued = false
  stream.on('continue', () => {
    continued = true
  })
  const [headers] = (await once(stream, 'response', { signal: AbortSignal.timeout(10_000) })) as [
    IncomingHttpHeaders & { ':status': number },
  ]
  stream.close()
  session.destroy()
  return { continued, status: headers[':status'] }
}

/** `null` if the connection was closed without an answer. */
async function statusOverHttp2({ url }: Started): Promise<number | null> {
  const session = connectHttp2(url, { rejectUnauthorized: false })
  session.on('error', () => undefined)
  const stream = session.request()
  const ended = Promise.withResolvers<number | null>()
  stream.on('response', (headers) => ended.resolve(headers[':status'] ?? null))
  for (const event of ['error', 'close']) stream.on(event, () => ended.resolve(null))
  session.once('close', () => ended.resolve(null))
  const late = setTimeout(() => ended.reject(new Error('neither an answer nor an end')), 10_000)
  return await ended.promise.finally(() => {
    clearTimeout(late)
    session.destroy()
  })
}

const app = ['run', 'brought/server.js'] as const

describe.each([
  { backend: 'single', args: ['--backend', 'single', '--port', '0'] },
  { backend: 'cluster', args: ['--backend', 'cluster', '--port', '0', '--workers', '1'] },
])('an exported http.Server under $backend', ({ args }) => {
  it('keeps its settings, and reports that it is listening', async () => {
    await using server = await startLockstep([...app, ...args, '--log-level', 'debug'])
    const text = await send(
      server,
      get('/', `Cookie: a=${'x'.repeat(30_000)}\r\nX-Twice: a\r\nX-Twice: b\r\n`),
      /\r\n\r\n\{.*\}/s,
    )
    expect(text).toContain('Keep-Alive: timeout=40, max=3\r\n')
    expect(text).toContain('X-Joined: a; b\r\n')
    expect(JSON.parse(/\{.*\}/s.exec(text)?.[0] ?? '')).toEqual({
      own: true,
      sameServer: true,
      listening: true,
      port: server.port,
      twice: 'a, b',
      cookies: 30_002,
    })
    // Without `Host`.
    expect(await send(server, 'GET / HTTP/1.1\r\nX-Odd: a\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
    expect(await send(server, get('/', 'A: b\r\n'.repeat(30)))).toMatch(/^HTTP\/1\.1 431 /)
    expect(server.stdout() + server.stderr()).toMatch(/settings of the server of the app are used/)
    server.signal('SIGTERM')
    const { code, stdout } = await server.finished()
    expect(code).toBe(0)
    expect(stdout).toContain('the app saw close')
  })

  it('has lower priority than the options of the user', async () => {
    await using server = await startLockstep([
      ...app,
      ...args,
      ...['--keep-alive', '9s', '--limit-header-count', '100', '--limit-header-bytes', '16KiB'],
    ])
    expect(await send(server, get('/', 'A: b\r\n'.repeat(50)))).toContain('Keep-Alive: timeout=9, max=3\r\n')
    // Its listener for clientError answers what is above the limit.
    expect(await send(server, get('/', `Cookie: ${'x'.repeat(30_000)}\r\n`), /499/)).toMatch(
      /^HTTP\/1\.1 499 /,
    )
    expect(server.stderr()).toMatch(/overridden by options/)
  })

  it('has its listeners called as under Node, instead of the default answers of Node', async () => {
    await using server = await startLockstep([...app, ...args])
    const refused = await send(server, expecting('100-continue'), /no token/)
    expect(refused).toMatch(/^HTTP\/1\.1 401 /)
    expect(refused).not.toContain('100 Continue')
    expect(await send(server, expecting('100-continue', 'X-Token: good\r\n'), /"own"/)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
    )
    expect(await send(server, expecting('tea'), /odd/)).toMatch(/^HTTP\/1\.1 418 /)
    expect(await send(server, 'GARBAGE\r\n\r\n', /never/)).toMatch(/^HTTP\/1\.1 499 Mine/)
    // Like Node itself, it keeps the connection open after that.
    const pipelined = await send(server, get().repeat(4), / 503 /)
    expect(pipelined.match(/HTTP\/1\.1 \d+/g)).toEqual([...Array(3).fill('HTTP/1.1 200'), 'HTTP/1.1 503'])
    const events = await seen(server)
    expect(events.filter(({ event, code }) => event !== 'connection' && code !== 'ECONNRESET')).toEqual([
      { event: 'listening', same: true, port: 'number' },
      { event: 'checkContinue', same: true },
      { event: 'checkContinue', same: true },
      { event: 'checkExpectation' },
      { event: 'clientError', code: 'HPE_INVALID_METHOD' },
      { event: 'dropRequest' },
    ])
    expect(events.filter(({ event }) => event === 'connection').length).toBeGreaterThan(5)
  })

  it('keeps its process running when a listener throws or rejects', async () => {
    await using server = await startLockstep([...app, ...args])
    const { pid } = server
    expect(await send(server, expecting('100-continue').replace('POST /', 'POST /throws'))).toMatch(
      /^HTTP\/1\.1 500 /,
    )
    expect(
      await send(server, expecting('100-continue', 'X-Token: good\r\n').replace('POST /', 'POST /throws')),
    ).toMatch(/^HTTP\/1\.1 500 /)
    expect(await send(server, 'THROW\r\n\r\n', /never/)).toBe('')
    await server.waitFor(
      /thrown in checkContinue[\s\S]*thrown in clientError[\s\S]*|thrown in clientError[\s\S]*thrown in checkContinue/,
    )
    expect(await send(server, get())).toMatch(/^HTTP\/1\.1 200 /)
    expect(server.pid).toBe(pid)
    expect(server.stderr()).not.toMatch(/ended unexpectedly|uncaught/i)
  })

  it.each([
    { over: 'plain HTTP', more: [] },
    { over: 'TLS', more: ['--tls-self-signed'] },
  ])('loses only the connections on which a listener failed, over $over', async ({ more }) => {
    await using server = await startLockstep(['run', 'brought/server.js:filtering', ...args, ...more])
    await send(server, get('/filter'), /fine/)
    const answers: string[] = []
    // Every third one is accepted.
    for (let count = 0; count < 6; count += 1) answers.push(await send(server, get(), /fine/))
    const served = answers.map((answer) => answer.slice(0, 12))
    expect(served.filter((head) => head !== '')).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200'])
    await server.waitFor(/rejected in connection[\s\S]*thrown in connection/)
    expect(server.stderr()).not.toMatch(/ended unexpectedly|died|out of turn/i)
  })

  it('loses an HTTP/2 connection on which a listener failed', async () => {
    const over = ['--tls-self-signed', '--tls-protocols', 'h2,http/1.1']
    await using server = await startLockstep(['run', 'brought/server.js:filtering', ...args, ...over])
    await send(server, get('/filter'), /fine/)
    const answers: (number | null)[] = []
    for (let count = 0; count < 6; count += 1) answers.push(await statusOverHttp2(server))
    expect(answers.filter((status) => status !== null)).toEqual([200, 200])
  })

  it.each([
    { listener: 'closed', thrown: 'thrown at each connection', over: 'plain HTTP', more: [] },
    { listener: 'closed', thrown: 'thrown at each connection', over: 'TLS', more: ['--tls-self-signed'] },
    { listener: 'unready', thrown: 'thrown in listening', over: 'plain HTTP', more: [] },
  ])('fails its launch with the exception $thrown, over $over', async ({ listener, thrown, more }) => {
    const { code, stdout, stderr } = await runLockstep([
      ...['run', `brought/server.js:${listener}`, ...args, ...more],
    ])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(reportedCodes(stderr)).toEqual(['LOCKSTEP_ERR_APP_CRASH'])
    expect(stderr).toContain(`Error: ${thrown}`)
    expect(stderr).toMatch(/✗ .*\n[\s\S]*Error: .*\n +at .*brought\/server\.js:\d+/)
  })

  it('may ignore bytes that are not HTTP, and still passes the verification', async () => {
    await using server = await startLockstep(['run', 'brought/server.js:silent', ...args])
    expect(await send(server, get('/'), /fine/)).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('applies its own timeout to idle connections', async () => {
    await using server = await startLockstep(['run', 'brought/server.js:timed', ...args])
    expect(await send(server, get(), /never/)).toBe('HTTP/1.1 408 Timed by the app\r\n\r\n')
  })

  it('is refused when another HTTP server of the module listens', async () => {
    await failedLaunch(['run', 'brought/metrics.js', ...args.filter((arg) => !/^(?:--port|0)$/.test(arg))], {
      code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
      says: ["exports an app, and lets another HTTP server listen (listen(0, '127.0.0.1'))"],
    })
  })

  it('is refused if a setting cannot be honoured, and the error names the setting', async () => {
    await failedLaunch(
      ['run', 'brought/server.js:limited', ...args.filter((arg) => !/^(?:--port|0)$/.test(arg))],
      {
        code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
        says: ['sets maxConnections', '--limit-connections'],
      },
    )
    await failedLaunch(
      [
        ...app,
        ...args.filter((arg) => !/^(?:--port|0)$/.test(arg)),
        ...['--tls-self-signed', '--tls-protocols', 'h2,http/1.1'],
      ],
      {
        code: [
          'LOCKSTEP_ERR_APP_SERVER_SETTING',
          'LOCKSTEP_ERR_APP_SERVER_SETTING',
          'LOCKSTEP_ERR_APP_SERVER_SETTING',
        ],
        says: ['joinDuplicateHeaders', 'uniqueHeaders', 'ServerResponse', '--tls-protocols http/1.1'],
      },
    )
  })
})

it('a reload to an app whose connection listener throws is refused, and the old app keeps serving', async () => {
  const file = join(temporaryFolder(), 'app.mjs')
  const app = (more: string): string =>
    `import http from 'node:http'\nconst server = http.createServer((_, response) => response.end('fine'))\n${more}export default server\n`
  writeFileSync(file, app(''))
  await using server = await startLockstep([
    ...['run', file, '--port', '0', '--backend', 'cluster', '--workers', '1', '--tls-self-signed'],
  ])
  writeFileSync(file, app("server.on('connection', () => { throw new Error('a broken guard') })\n"))
  const reload = await runLockstep(['reload'], { env: { XDG_RUNTIME_DIR: server.runtimeFolder } })
  expect(reload.code).not.toBe(0)
  expect(reload.stderr).toContain('a broken guard')
  expect(await send(server, get(), /fine/)).toMatch(/^HTTP\/1\.1 200 /)
})

describe('an exported http.Server over TLS', () => {
  it('handles Expect over HTTP/1.1 and HTTP/2 alike', async () => {
    await using server = await startLockstep([
      ...['run', 'brought/plain-server.js', '--backend', 'single', '--port', '0'],
      ...['--tls-self-signed', '--tls-protocols', 'h2,http/1.1'],
    ])
    expect(await expectOverHttp2(server)).toEqual({ continued: false, status: 401 })
    expect(await expectOverHttp2(server, { 'x-token': 'good' })).toEqual({ continued: true, status: 200 })
    expect(await expectOverHttp2(server, { expect: 'tea' })).toEqual({ continued: false, status: 418 })
    expect(await send(server, expecting('100-continue'), /no token/)).toMatch(/^HTTP\/1\.1 401 /)
    expect(await send(server, get('/events'), /\]/)).toMatch(/secureConnection/)
  })
})
