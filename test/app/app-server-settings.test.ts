// The connection settings of an exported http.Server, seen from outside.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { exchange } from '../support/exchange.ts'
import { type Started, startLockstep } from '../support/lockstep.ts'
import { tlsExchange } from '../support/tls-client.ts'
import { waitUntil } from '../support/wait-until.ts'

const overTls = ['--tls-self-signed', '--tls-protocols', 'h2,http/1.1']

const start = (name: string, args: readonly string[], more: readonly string[] = []): Promise<Started> =>
  startLockstep(['run', `brought/tuned.js:${name}`, '--port', '0', ...args, ...more])

/** Opens a session and returns how it ended. */
function openSession({ url }: Started): { session: ClientHttp2Session; closed: Promise<void> } {
  const session = connectHttp2(url, { rejectUnauthorized: false })
  session.on('error', () => undefined)
  return { session, closed: new Promise((resolve) => session.once('close', () => resolve())) }
}

async function statusOf(session: ClientHttp2Session, path = '/'): Promise<number | null> {
  const stream = session.request({ ':path': path })
  const ended = Promise.withResolvers<number | null>()
  let status: number | null = null
  stream.on('response', (headers) => {
    status = headers[':status'] ?? null
  })
  stream.on('error', () => undefined).once('close', () => ended.resolve(status))
  stream.resume()
  return ended.promise
}

/** Milliseconds between the first and the second byte of each answer on one connection. */
async function gaps({ url }: Started, count: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const found: number[] = []
  for (let asked = 0; asked < count; asked += 1) {
    const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
    const at: number[] = []
    response.on('data', () => at.push(performance.now()))
    await once(response, 'end')
    found.push((at[1] ?? at[0] ?? 0) - (at[0] ?? 0))
  }
  agent.destroy()
  return found.sort((one, other) => one - other)
}

/** The state of a connection in the kernel: whether it sends probes when it is silent (`tr` of proc_net_tcp(5) is 2). */
function probesSilence({ localPort, remotePort }: { localPort: number; remotePort: number }): boolean {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')
  const line = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((each) => each.trim().split(/\s+/))
    .find(
      ([, local, remote]) => local?.endsWith(`:${hex(localPort)}`) && remote?.endsWith(`:${hex(remotePort)}`),
    )
  if (line === undefined) throw new Error('the connection is not in /proc/net/tcp')
  return line[5]?.startsWith('02:') === true
}

async function openPlain(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function ask(socket: Socket): Promise<string> {
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  const over = new AbortController()
  socket.once('close', () => over.abort())
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(10_000)])
  const [bytes] = (await once(socket, 'data', { signal })) as [Buffer]
  return bytes.toString().slice(bytes.indexOf('\r\n\r\n') + 4)
}

describe.each([
  { backend: 'single', args: ['--backend', 'single'] },
  { backend: 'cluster', args: ['--backend', 'cluster', '--workers', '1'] },
])('an exported http.Server under $backend', ({ args }) => {
  it('honours maxRequestsPerSocket over HTTP/2', async () => {
    await using server = await start('counted', args, [...overTls, '--keep-alive', '1m'])
    const { session, closed } = openSession(server)
    for (const _ of [1, 2, 3]) expect(await statusOf(session)).toBe(200)
    await closed
    const { session: next } = openSession(server)
    expect(await statusOf(next)).toBe(200)
    next.destroy()
  })

  it('honours its timeout over HTTP/2', async () => {
    await using server = await start('silent', args, [...overTls, '--keep-alive', '1m'])
    const { session, closed } = openSession(server)
    expect(await statusOf(session)).toBe(200)
    const asked = performance.now()
    expect(await statusOf(session, '/never')).toBe(null)
    await closed
    expect(performance.now() - asked).toBeGreaterThan(250)
  })

  it('gets a drop event for a connection above the limit', async () => {
    await using server = await start('noting', args, ['--limit-connections', '1'])
    // The connection of Lockstep's own check may still count for a moment.
    let held = await openPlain(server.port)
    await waitUntil(
      async () => {
        if (!held.closed && (await ask(held).catch(() => '')) !== '') return true
        held = await openPlain(server.port)
        return false
      },
      { what: 'a connection that is served' },
    )
    const dropped = connect(server.port, '127.0.0.1').on('error', () => undefined)
    await once(dropped, 'connect')
    const { localPort } = dropped
    await once(dropped.resume(), 'close')
    expect(JSON.parse(await ask(held))).toContainEqual({ event: 'drop', from: localPort, to: server.port })
    held.destroy()
  })

  it('gets an event for a failed handshake', async () => {
    await using server = await start('noting', args, overTls)
    const stranger = await openPlain(server.port)
    const { localPort } = stranger
    stranger.end(Buffer.from('160301000500000000ff', 'hex'))
    await once(stranger.resume(), 'close')
    const events = JSON.parse((await tlsExchange(server.port)).body) as object[]
    expect(events).toContainEqual({
      event: 'tlsClientError',
      code: expect.stringMatching(/^E/),
      from: localPort,
    })
  })

  it('delays small packets when noDelay is false', async () => {
    await using delayed = await start('delayed', args)
    await using prompt = await start('prompt', args)
    const half = 10
    // Linux confirms at once at the beginning of a connection, and later only after 40 ms.
    expect((await gaps(delayed, 2 * half))[half]).toBeGreaterThan(20)
    expect((await gaps(prompt, 2 * half))[0]).toBeLessThan(20)
  })

  it.skipIf(process.platform !== 'linux')('probes silent connections when keepAlive is set', async () => {
    for (const [name, probes] of [
      ['kept', true],
      ['plain', false],
    ] as const) {
      await using server = await start(name, args)
      const socket = await openPlain(server.port)
      await ask(socket)
      const connection = { localPort: server.port, remotePort: socket.localPort ?? 0 }
      await waitUntil(() => probesSilence(connection) === probes, { what: `${name}: ${probes}` })
      socket.destroy()
    }
  })

  it('uses the buffer size that highWaterMark sets', async () => {
    await using small = await start('small', args)
    expect(JSON.parse((await exchange(small.url)).body)).toEqual({ reads: 4_096, writes: 4_096 })
    await using plain = await start('plain', args)
    expect(JSON.parse((await exchange(plain.url)).body)).not.toEqual({ reads: 4_096, writes: 4_096 })
  })
})
