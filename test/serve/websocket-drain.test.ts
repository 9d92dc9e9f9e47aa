import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { type LaunchHandle, type LockstepConfig, launch } from '@lockstep/core'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

const alone = { config: false, envFile: false, environment: false } as const

function served(app: Server, options: LockstepConfig = {}): Promise<LaunchHandle> {
  return launch(
    { app, port: 0, backend: 'single', timeouts: { graceful: '15s' }, log: { level: 'silent' }, ...options },
    alone,
  )
}

interface Client {
  readonly socket: WebSocket
  readonly messages: Buffer[]
  readonly errors: Error[]
  /** The close code and reason of the connection. */
  readonly closed: Promise<readonly [number, string]>
}

async function connected({ url }: LaunchHandle): Promise<Client> {
  const socket = new WebSocket((url ?? '').replace('http', 'ws'), { rejectUnauthorized: false })
  const messages: Buffer[] = []
  const errors: Error[] = []
  socket.on('message', (data: Buffer) => messages.push(data)).on('error', (error) => errors.push(error))
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(10_000) }).then(
    ([code, reason]) => [Number(code), String(reason)] as const,
  )
  await once(socket, 'open', { signal: AbortSignal.timeout(5_000) })
  return { socket, messages, errors, closed }
}

/** Resolves when the server has begun to end what is open: that is when it closes a connection on which nothing was asked. */
async function unusedClosed({ url }: LaunchHandle): Promise<{ readonly closed: Promise<unknown> }> {
  const socket = connect(Number(new URL(url ?? '').port), '127.0.0.1').resume()
  await once(socket, 'connect')
  return { closed: once(socket, 'close', { signal: AbortSignal.timeout(5_000) }) }
}

/** A typical WebSocket server. */
function withLibrary(onConnection: (socket: WebSocket) => void = () => undefined): Server {
  const server = createServer((_, response) => response.end('no upgrade'))
  new WebSocketServer({ server }).on('connection', onConnection)
  return server
}

/** A server that implements the protocol itself, ignores incoming data, and never ends a connection. */
async function byHand(): Promise<{ server: Server; sockets: Duplex[] }> {
  const { createHash } = await import('node:crypto')
  const sockets: Duplex[] = []
  const server = createServer().on('request', (_, response) => response.end())
  server.on('upgrade', ({ headers }, socket) => {
    const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.on('error', () => socket.destroy()).resume()
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n')
    socket.write(`Sec-WebSocket-Accept: ${accept}\r\n\r\n`)
    sockets.push(socket)
  })
  return { server, sockets }
}

const goneAway = [1001, 'the server stops']

describe('a WebSocket of a server that stops', () => {
  it.each([
    ['plain HTTP', {}],
    ['TLS', { tls: { selfSigned: true } }],
  ] as const)('is closed with 1001 and a reason, and the server ends with it (%s)', async (_, options) => {
    let atServer: Promise<unknown[]> | undefined
    const handle = await served(
      withLibrary((socket) => {
        atServer = once(socket, 'close')
      }),
      options,
    )
    const clients = await Promise.all([connected(handle), connected(handle), connected(handle)])
    const began = performance.now()
    await handle.stop()
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([goneAway, goneAway, goneAway])
    expect((await atServer)?.[0]).toBe(1001)
    expect(clients.flatMap(({ errors }) => errors)).toEqual([])
  })

  it('gets a message that was on its way completely, and nothing after the close', async () => {
    const bytes = 24 * 1024 * 1024
    const handle = await served(
      withLibrary((socket) => {
        socket.on('message', () => socket.send(Buffer.alloc(bytes, 7)))
        const ticks = setInterval(() => socket.send('tick'), 5)
        socket.once('close', () => clearInterval(ticks))
      }),
    )
    const client = await connected(handle)
    client.socket.send('now')
    await once(client.socket, 'message')
    client.socket.pause()
    client.socket.send('again')
    const unused = await unusedClosed(handle)
    const stopped = handle.stop()
    await unused.closed
    client.socket.resume()
    expect(await client.closed).toEqual(goneAway)
    await stopped
    expect(client.errors).toEqual([])
    const large = client.messages.filter(({ length }) => length !== 4)
    expect(large.map((message) => message.every((byte) => byte === 7) && message.length)).toContain(bytes)
  })

  it('gets the close after a frame that the app has begun, wherever the app has split it', async () => {
    const { server, sockets } = await byHand()
    const handle = await served(server)
    const client = await connected(handle)
    const [socket] = sockets
    socket?.write(Buffer.from([0x82]))
    const unused = await unusedClosed(handle)
    const stopped = handle.stop()
    let isClosed = false
    void client.closed.then(() => {
      isClosed = true
    })
    await unused.closed
    expect(isClosed).toBe(false)
    // The rest of that frame, and the beginning of another one that would follow the close.
    socket?.write(Buffer.from([3, 1, 2, 3, 0x82, 2, 9]))
    socket?.write(Buffer.from([9]))
    expect(await client.closed).toEqual(goneAway)
    expect([client.messages, client.errors]).toEqual([[Buffer.from([1, 2, 3])], []])
    await stopped
  })

  it('is ended long before the deadline if its app does not answer the close', async () => {
    const { server, sockets } = await byHand()
    const handle = await served(server)
    const client = await connected(handle)
    const ticks = setInterval(() => sockets[0]?.write(Buffer.from([0x82, 1, 1])), 10)
    const began = performance.now()
    await handle.stop()
    clearInterval(ticks)
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(await client.closed).toEqual(goneAway)
    expect(client.errors).toEqual([])
  })

  it('keeps a close that the app has sent itself', async () => {
    const handle = await served(
      withLibrary((socket) => socket.on('message', () => socket.close(4_000, 'own'))),
    )
    const client = await connected(handle)
    client.socket.pause()
    client.socket.send('close')
    await expect.poll(() => client.socket.bufferedAmount).toBe(0)
    const unused = await unusedClosed(handle)
    const stopped = handle.stop()
    await unused.closed
    client.socket.resume()
    expect(await client.closed).toEqual([4_000, 'own'])
    await stopped
  })
})

describe('a connection of another protocol', () => {
  it('gets no frame, and is cut at the deadline', async () => {
    const server = createServer((_, response) => response.end())
    server.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
      socket.on('error', () => undefined).pipe(socket)
    })
    const handle = await served(server, { timeouts: { graceful: '1500ms' } })
    const socket = connect(Number(new URL(handle.url).port), '127.0.0.1')
    let received = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text
    })
    socket.on('error', () => undefined)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    await expect.poll(() => received).toContain('\r\n\r\n')
    const head = received.length
    const began = performance.now()
    await handle.stop()
    expect(performance.now() - began).toBeGreaterThan(1_400)
    expect(received.slice(head)).toBe('')
  })
})
