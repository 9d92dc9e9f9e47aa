import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from 'node:http2'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { type Lifetime, startClock } from '../lifetime.ts'

interface Server {
  readonly host: string
  readonly port: number
}

/** What a client saw of one exchange over HTTP/2. */
export interface Http2Observation {
  readonly outcome: 'served' | 'refused'
  readonly status: number | null
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Of RFC 9113 section 7, such as `NGHTTP2_ENHANCE_YOUR_CALM`; `NGHTTP2_NO_ERROR` when all went well. */
  readonly code: string
}

export interface Http2Request {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Leaves the request open after this much of its body. */
  readonly unfinished?: boolean
  /** Called when the head of the answer has come. */
  readonly onHead?: () => void
  readonly deadlineMs?: number
}

/** One connection over TLS on which only HTTP/2 is offered. */
export interface Http2Connection {
  /** Whether the handshake resumed a session. */
  readonly resumed: boolean
  /** The first session that the server gave, to be shown to it again; `null` while it has given none. */
  session(): Buffer | null
  ask(request?: Http2Request): Promise<Http2Observation>
  /** Resolves when the connection is closed. Rejects after the deadline. */
  closedByPeer(deadlineMs: number): Promise<Lifetime>
  /** How often the server asked the client to end: GOAWAY frames (RFC 9113 section 6.8). */
  goaways(): number
  destroy(): void
}

export async function openHttp2(
  { host, port }: Server,
  tls: ConnectionOptions = {},
): Promise<Http2Connection> {
  const clock = startClock()
  const socket = connectTls({ host, port, ALPNProtocols: ['h2'], rejectUnauthorized: false, ...tls })
  let given: Buffer | null = null
  socket.on('session', (next: Buffer) => {
    given ??= next
  })
  const session = connect(`https://localhost:${port}`, { createConnection: () => socket })
  let goaways = 0
  session.on('goaway', () => {
    goaways += 1
  })
  await once(session, 'connect', { signal: AbortSignal.timeout(5_000) }).catch((error: Error) => {
    session.destroy()
    throw new assert.AssertionError({ message: `HTTP/2 was not negotiated: ${error.message}` })
  })
  session.on('error', () => undefined)
  session.once('close', clock.ends)
  return {
    resumed: socket.isSessionReused(),
    session: () => given,
    ask(request = {}) {
      clock.sends()
      return ask(session, request)
    },
    async closedByPeer(deadlineMs) {
      if (!session.destroyed)
        await once(session, 'close', { signal: AbortSignal.timeout(deadlineMs) }).catch(() => {
          throw new assert.AssertionError({
            message: `waited ${deadlineMs} ms for the connection to be closed`,
          })
        })
      return clock.read()
    },
    goaways: () => goaways,
    destroy: () => session.destroy(),
  }
}

/** One request on a connection of its own. */
export async function requestHttp2(request: Server & Http2Request): Promise<Http2Observation> {
  const connection = await openHttp2(request)
  try {
    return await connection.ask(request)
  } finally {
    connection.destroy()
  }
}

async function ask(
  session: ClientHttp2Session,
  {
    method = 'GET',
    path = '/',
    headers = {},
    body = '',
    unfinished = false,
    onHead = () => undefined,
    deadlineMs = 5_000,
  }: Http2Request,
): Promise<Http2Observation> {
  const stream = session.request(
    { ':method': method, ':path': path, ...headers },
    { endStream: body === '' && !unfinished },
  )
  let answer: IncomingHttpHeaders & { ':status'?: number | undefined } = {}
  let received = ''
  stream.once('response', (given) => {
    answer = given
    onHead()
  })
  stream.setEncoding('utf8').on('data', (text) => {
    received += String(text)
  })
  stream.on('error', () => undefined)
  if (unfinished) stream.write(body)
  else if (body !== '') stream.end(body)
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), deadlineMs)
  await once(stream, 'close').catch(() => undefined)
  clearTimeout(timer)
  const status = answer[':status'] ?? null
  const code = nameOfCode(stream.rstCode)
  return {
    outcome: status !== null && code === 'NGHTTP2_NO_ERROR' ? 'served' : 'refused',
    status,
    headers: answer,
    body: received,
    code,
  }
}

function nameOfCode(code: number | undefined): string {
  const names = ['NO_ERROR', 'PROTOCOL_ERROR', 'INTERNAL_ERROR', 'FLOW_CONTROL_ERROR', 'SETTINGS_TIMEOUT']
  const more = ['STREAM_CLOSED', 'FRAME_SIZE_ERROR', 'REFUSED_STREAM', 'CANCEL', 'COMPRESSION_ERROR']
  const last = ['CONNECT_ERROR', 'ENHANCE_YOUR_CALM', 'INADEQUATE_SECURITY', 'HTTP_1_1_REQUIRED']
  return `NGHTTP2_${[...names, ...more, ...last][code ?? 0] ?? String(code)}`
}
