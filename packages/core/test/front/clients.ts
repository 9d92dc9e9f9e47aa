// Clients that send what a test writes, and show what came back.
import { once } from 'node:events'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect, type Socket } from 'node:net'

const deadlineMs = 10_000

export interface RawClient extends Disposable {
  readonly socket: Socket
  /** All that came until now; one character for each byte. */
  text(): string
  /** Waits for text that matches. Rejects when the connection ends before that. */
  until(pattern: RegExp | string): Promise<string>
  /** Waits for the end of the connection. */
  closed(): Promise<string>
  send(text: string | Uint8Array): void
}

/** A connection to a port of 127.0.0.1, without TLS. */
export function rawClient(port: number, first = ''): RawClient {
  const socket = connect(port, '127.0.0.1')
  let got = ''
  let isClosed = false
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const one of waiting) one()
  }
  socket.on('error', () => undefined)
  socket.on('data', (bytes) => {
    got += bytes.toString('latin1')
    wake()
  })
  socket.on('close', () => {
    isClosed = true
    wake()
  })
  if (first !== '') socket.write(first, 'latin1')
  const when = (holds: () => boolean, what: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(late)
        waiting.delete(look)
        settle()
      }
      const look = (): void => {
        if (holds()) end(() => resolve(got))
        else if (isClosed) end(() => reject(new Error(`closed before ${what}; got ${JSON.stringify(got)}`)))
      }
      const late = setTimeout(
        () => end(() => reject(new Error(`no ${what} in time; got ${JSON.stringify(got)}`))),
        deadlineMs,
      )
      waiting.add(look)
      look()
    })
  return {
    socket,
    text: () => got,
    until: (pattern) =>
      when(() => (typeof pattern === 'string' ? got.includes(pattern) : pattern.test(got)), String(pattern)),
    closed: () => when(() => isClosed, 'end'),
    send: (text) => void (typeof text === 'string' ? socket.write(text, 'latin1') : socket.write(text)),
    [Symbol.dispose]: () => socket.destroy(),
  }
}

/** One request on a connection of its own. Returns the whole answer. */
export async function askRaw(port: number, text: string): Promise<string> {
  using client = rawClient(port, text)
  return await client.closed()
}

export async function http2Session(
  url: string,
  certificate: { readonly cert?: string; readonly key?: string } = {},
): Promise<ClientHttp2Session & AsyncDisposable> {
  const session = connectHttp2(url, { rejectUnauthorized: false, ...certificate })
  await once(session, 'connect', { signal: AbortSignal.timeout(deadlineMs) })
  return Object.assign(session, {
    async [Symbol.asyncDispose]() {
      session.destroy()
    },
  }) as ClientHttp2Session & AsyncDisposable
}
