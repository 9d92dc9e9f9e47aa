import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { exchange } from '../support/exchange.ts'
import { type Started, startLockstep } from '../support/lockstep.ts'

const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

function asking(protocol: string, { path = '/', more = '', method = 'GET' } = {}): string {
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n${more}\r\n`
}

/** Sends text on a new connection. Resolves when the answer matches, or when the server has closed the connection. */
async function send({ port, url }: Started, text: string, until: RegExp = /\r\n\r\n/): Promise<string> {
  const socket: Socket = url.startsWith('https:')
    ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
    : connect(port, '127.0.0.1')
  socket.on('error', () => undefined).write(text)
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  let received = ''
  socket.on('data', (data: Buffer) => {
    received += data.toString('latin1')
    if (until.test(received)) socket.destroy()
  })
  await closed
  return received
}

async function echoed({ url }: Started, path = '/'): Promise<string> {
  const socket = new WebSocket(new URL(path, url.replace(/^http/, 'ws')), { rejectUnauthorized: false })
  await once(socket, 'open', { signal: AbortSignal.timeout(10_000) })
  const message = once(socket, 'message', { signal: AbortSignal.timeout(10_000) })
  socket.send('hello')
  const [data] = await message
  const closed = once(socket, 'close')
  socket.close()
  await closed
  return String(data)
}

interface Line {
  readonly target: string
  readonly status: number
  readonly bytes: number
  readonly durationMs: number
}

/** The lines of an access log on standard output, in JSON. */
function accessLines(server: Started): Line[] {
  return server
    .stdout()
    .split('\n')
    .filter((line) => line.includes('"type":"access"'))
    .map((line) => JSON.parse(line) as Line)
}

const accessLog = ['--access-log', '-', '--access-log-format', 'json'] as const

describe.each([
  { backend: 'single', args: ['--backend', 'single', '--port', '0'] },
  { backend: 'cluster', args: ['--backend', 'cluster', '--port', '0', '--workers', '1'] },
])('upgrades under $backend', ({ args }) => {
  it.each([{ over: [] }, { over: ['--tls-self-signed'] }])(
    'to a protocol that the app does not handle are ordinary requests: $over',
    async ({ over }) => {
      await using server = await startLockstep(['run', 'brought/upgrades.js', ...args, ...over])
      for (const protocol of ['h2c', 'TLS/1.0', 'HTTP/2.0', 'h2c, foo', 'foo'])
        expect(await send(server, asking(protocol), /hello/)).toMatch(/^HTTP\/1\.1 200 [\s\S]*hello GET 0$/)
      const post = `${asking('h2c', { method: 'POST', more: 'Content-Length: 5\r\n' })}12345`
      expect(await send(server, post, /hello/)).toMatch(/hello POST 5$/)
      expect(await echoed(server, '/ws')).toBe('hello')
      expect(await send(server, asking('websocket', { path: '/other', more: key }))).toMatch(
        /^HTTP\/1\.1 400 /,
      )
    },
  )

  it('obey the limits, never reach the app on a health path, and appear in the access log', async () => {
    await using server = await startLockstep([
      ...['run', 'brought/upgrades.js', ...args, ...accessLog, '--limit-header-count', '20'],
      ...['--ready-path', '/ws/ready', '--live-path', '/ws'],
    ])
    const many = asking('websocket', { path: '/many', more: 'A: b\r\n'.repeat(50) + key })
    expect(await send(server, many)).toMatch(/^HTTP\/1\.1 431 /)
    expect(await send(server, asking('websocket', { path: '/ws/ready', more: key }), /ready/)).toMatch(
      /^HTTP\/1\.1 200 [\s\S]*ready\n$/,
    )
    // The path of the WebSockets is that of the health endpoint here.
    expect(await send(server, asking('websocket', { path: '/ws', more: key }), /live/)).toMatch(/live\n$/)
    expect(await send(server, asking('websocket', { path: '/nope', more: key }))).toMatch(/^HTTP\/1\.1 400 /)
    await server.waitFor(/"target":"\/nope"/)
    expect(accessLines(server).map(({ target, status }) => [target, status])).toEqual([
      ['/many', 431],
      ['/ws/ready', 200],
      ['/ws', 200],
      ['/nope', 400],
    ])
  })

  it('appear in the access log with 101, their bytes and their duration when they close', async () => {
    await using server = await startLockstep(['run', 'brought/upgrades.js', ...args, ...accessLog])
    expect(await echoed(server, '/ws')).toBe('hello')
    await server.waitFor(/"target":"\/ws"/)
    const [line] = accessLines(server)
    // A frame with five bytes, and the Close frame.
    expect(line).toMatchObject({ status: 101, bytes: 7 + 2, complete: true, httpVersion: '1.1' })
    expect(line?.durationMs).toBeGreaterThan(0)
  })

  it('lose only their connection when the handler fails, and are logged', async () => {
    await using server = await startLockstep([
      ...['run', 'brought/upgrades.js:failing', ...args, ...accessLog],
    ])
    for (const path of ['/throws', '/rejects', '/odd'])
      expect(await send(server, asking('any', { path }), /never/)).toMatch(/^HTTP\/1\.1 500 /)
    expect(await send(server, asking('any', { path: '/half' }), /never/)).toMatch(/^HTTP\/1\.1 101 /)
    expect(await send(server, 'CONNECT throws:1 HTTP/1.1\r\nHost: x\r\n\r\n', /never/)).toMatch(
      /^HTTP\/1\.1 500 /,
    )
    await server.waitFor(/"type":"access".*"target":"throws:1"/)
    expect(accessLines(server).map(({ target, status }) => [target, status])).toEqual([
      ['/throws', 500],
      ['/rejects', 500],
      ['/odd', 500],
      ['/half', 101],
      ['throws:1', 500],
    ])
    await server.waitFor(/thrown on purpose[\s\S]*rejected on purpose/)
    expect((await exchange(server.url)).body).toBe('hello GET 0')
    expect(server.stderr()).not.toMatch(/worker .* ended|uncaught/i)
  })

  it('reach a server that handles CONNECT, and get 405 from one that does not', async () => {
    const text = 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'
    await using taking = await startLockstep(['run', 'brought/upgrades.js:failing', ...args])
    expect(await send(taking, text, /never/)).toBe('HTTP/1.1 200 OK\r\n\r\ntunnel to a:1')
    await using other = await startLockstep(['run', 'brought/upgrades.js', ...args, ...accessLog])
    expect(await send(other, text, /never/)).toMatch(/^HTTP\/1\.1 405 /)
    await other.waitFor(/"target":"a:1","httpVersion":"1.1","status":405/)
  })

  it('stay with the server if the answer before a CONNECT fails', async () => {
    await using server = await startLockstep(['run', 'brought/upgrades.js:failing', ...args])
    const before = 'GET /destroys HTTP/1.1\r\nHost: x\r\n\r\n'
    expect(await send(server, `${before}CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n`, /never/)).toBe('')
    expect((await exchange(server.url)).body).toBe('hello GET 0')
    expect(server.stderr()).not.toMatch(/worker .* ended|uncaught/i)
  })

  it('go where the shouldUpgradeCallback of the app sends them', async () => {
    await using server = await startLockstep(['run', 'brought/upgrades.js:custom', ...args])
    expect(await send(server, asking('tcp'))).toMatch(/^HTTP\/1\.1 101 /)
    expect(await send(server, asking('tcp', { path: '/plain' }), /hello/)).toMatch(/hello GET 0$/)
  })

  it.each([
    { name: 'alone', status: 426 },
    { name: 'webSockets', status: 426 },
    { name: 'onServer', status: 426 },
    { name: 'likeExpressWs', status: 200 },
  ])('are served if the app handles nothing else, or hides its server: $name', async ({ name, status }) => {
    await using server = await startLockstep(['run', `brought/upgrades.js:${name}`, ...args])
    expect(await echoed(server)).toBe('hello')
    const answer = await exchange(server.url)
    expect(answer.status).toBe(status)
    if (status === 426) expect(answer.headers).toContainEqual(['Upgrade', 'websocket'])
  })
})

describe('an upgrade with a limit of concurrent requests', () => {
  it('gets 503 as a request does, and an open WebSocket does not count', async () => {
    await using server = await startLockstep([
      ...['run', 'brought/upgrades.js', '--backend', 'single', '--port', '0', '--limit-concurrency', '1'],
    ])
    const open = new WebSocket(new URL('/ws', server.url.replace('http', 'ws')))
    await once(open, 'open')
    expect(await exchange(server.url)).toMatchObject({ status: 200 })
    const busy = connect(server.port, '127.0.0.1').on('error', () => undefined)
    busy.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12')
    const ask = (): Promise<string> => send(server, asking('websocket', { path: '/ws', more: key }))
    await expect.poll(ask, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 1\r\n/)
    busy.destroy()
    await expect.poll(ask, { timeout: 10_000 }).toMatch(/^HTTP\/1\.1 101 /)
    open.terminate()
  })
})
