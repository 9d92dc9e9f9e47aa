import { type ConnectionOptions, connect } from 'node:tls'

/** What came of one request over TLS by a client that keeps its session. */
export interface SessionExchange {
  /** The first that the server gave; `null` when it gave none. */
  readonly session: Buffer | null
  readonly resumed: boolean
  readonly status: number | null
  readonly body: string
}

/** Asks for a target once, closes, and keeps the session for the next time. Rejects when the handshake fails. */
export async function exchangeWithSession(
  { host, port }: { host: string; port: number },
  { target = '/', deadlineMs = 5_000, ...tls }: ConnectionOptions & { target?: string; deadlineMs?: number },
): Promise<SessionExchange> {
  const socket = connect({ host, port, rejectUnauthorized: false, ...tls })
  const ended = Promise.withResolvers<void>()
  const timer = setTimeout(() => ended.reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs)
  let session: Buffer | null = null
  let answer = ''
  socket.on('session', (given: Buffer) => {
    session ??= given
  })
  socket.once('error', ended.reject)
  socket.once('close', () => ended.resolve())
  socket.setEncoding('utf8').on('data', (text) => {
    answer += String(text)
  })
  socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  let resumed = false
  socket.once('secureConnect', () => {
    resumed = socket.isSessionReused()
  })
  try {
    await ended.promise
    const [head = '', body = ''] = answer.split(/\r\n\r\n(.*)/s)
    const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
    return { session, resumed, status: status === undefined ? null : Number(status), body: unchunked(body) }
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** The apps of the suite answer in one chunk (RFC 9112 section 7.1), or with a length. */
function unchunked(body: string): string {
  return /^[0-9a-f]+\r\n([\s\S]*?)\r\n0\r\n/i.exec(body)?.[1] ?? body
}
