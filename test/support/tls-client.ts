import { once } from 'node:events'
import { type ConnectionOptions, connect } from 'node:tls'

/** The client's view of one exchange over TLS on a new connection. */
export interface TlsExchange {
  readonly fingerprint256: string
  readonly version: string
  readonly resumed: boolean
  readonly body: string
  /** The newest session from the server. */
  readonly session: Buffer | null
}

/** Asks `GET /` and rejects when no answer comes: under TLS 1.3 a handshake alone proves nothing. */
export async function tlsExchange(
  port: number,
  options: ConnectionOptions & { readonly path?: string } = {},
): Promise<TlsExchange> {
  const { path = '/', ...rest } = options
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...rest })
  const signal = AbortSignal.timeout(10_000)
  let session: Buffer | null = null
  let received = ''
  socket.on('session', (given) => {
    session = given
  })
  try {
    await once(socket, 'secureConnect', { signal })
    const seen = {
      fingerprint256: socket.getPeerX509Certificate()?.fingerprint256 ?? '',
      version: socket.getProtocol() ?? '',
      resumed: socket.isSessionReused(),
    }
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text
    })
    await once(socket, 'close', { signal })
    if (!received.startsWith('HTTP/1.1 200')) throw new Error(`no answer: ${received.slice(0, 60)}`)
    return { ...seen, body: received.slice(received.indexOf('\r\n\r\n') + 4), session }
  } finally {
    socket.destroy()
  }
}

/** An open connection that sends no request. */
export async function heldConnection(
  port: number,
): Promise<{ readonly fingerprint256: string } & Disposable> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(10_000) })
  socket.on('error', () => undefined)
  return {
    fingerprint256: socket.getPeerX509Certificate()?.fingerprint256 ?? '',
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

/** Returns the leaf of each process. Sends requests until this many processes have answered. */
export async function leavesByProcess(
  port: number,
  { processes, path = '/' }: { processes: number; path?: string },
): Promise<ReadonlyMap<string, string>> {
  const leaves = new Map<string, string>()
  for (let asked = 0; asked < 60 && leaves.size < processes; asked += 1) {
    const { body, fingerprint256 } = await tlsExchange(port, { path })
    leaves.set(body, fingerprint256)
  }
  return leaves
}
