import { once } from 'node:events'
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'

/** What a client saw through a load balancer. `status`: `null` when the connection was closed without an answer. */
export interface ProxiedAnswer {
  readonly status: number | null
  readonly body: string
}

export interface ProxiedRequest {
  readonly host: string
  readonly port: number
  /** What the load balancer sends first. */
  readonly header: Uint8Array | string
  /** The header in one segment with what follows, or byte by byte. */
  readonly pieces?: 'one' | 'bytes'
  /** Unset, plain HTTP. */
  readonly tls?: 'http/1.1' | 'h2'
  readonly path?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly deadlineMs?: number
}

/** One GET on a connection that a load balancer has opened. */
export async function requestThrough({
  host,
  port,
  header,
  pieces = 'one',
  tls,
  path = '/',
  headers = [],
  deadlineMs = 5_000,
}: ProxiedRequest): Promise<ProxiedAnswer> {
  const socket = connect({ host, port, noDelay: true })
  const timer = setTimeout(() => socket.destroy(), deadlineMs)
  socket.on('error', () => undefined)
  try {
    await once(socket, 'connect')
    const first = Buffer.from(header)
    if (pieces === 'bytes')
      for (const byte of first) {
        socket.write(Uint8Array.of(byte))
        await pause(1)
      }
    const client = after(socket, pieces === 'one' ? first : Buffer.alloc(0))
    if (tls === 'h2') return await overHttp2(client, { port, path, headers })
    const secured = tls
      ? connectTls({ socket: client, rejectUnauthorized: false, ALPNProtocols: [tls] })
      : client
    const lines = [
      `GET ${path} HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      ...headers.map((field) => field.join(': ')),
    ]
    secured.on('error', () => undefined)
    secured.write(`${lines.join('\r\n')}\r\n\r\n`)
    const received = await text(secured).catch(() => '')
    const [head = '', body = ''] = received.split('\r\n\r\n')
    const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
    return { status: status === undefined ? null : Number(status), body }
  } catch {
    return { status: null, body: '' }
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** Sends these bytes with the first that are written, so that both come in one segment. */
function after(socket: Socket, first: Buffer): Duplex {
  let before: Buffer | null = first
  const client = new Duplex({
    read: () => void socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      const bytes = before ? Buffer.concat([before, chunk]) : chunk
      before = null
      socket.write(bytes, () => done())
    },
    final: (done) => void socket.end(done),
  })
  client.on('error', () => undefined)
  socket.on('data', (bytes) => {
    if (!client.push(bytes)) socket.pause()
  })
  // What has come may not be read yet.
  socket.once('close', () => client.push(null))
  return client
}

async function overHttp2(
  client: Duplex,
  { port, path, headers }: { port: number; path: string; headers: readonly (readonly [string, string])[] },
): Promise<ProxiedAnswer> {
  const secured = connectTls({ socket: client, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
  const session = connectHttp2(`https://localhost:${port}`, { createConnection: () => secured })
  session.on('error', () => undefined)
  try {
    const stream = session.request({ ':path': path, ...Object.fromEntries(headers) })
    // A short answer may be over before its head is looked at.
    const body = text(stream)
    body.catch(() => undefined)
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status'?: number }]
    return { status: answer[':status'] ?? null, body: await body }
  } finally {
    session.destroy()
  }
}
