import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** What came of bytes on a connection of their own. */
export interface BytesExchange {
  /** Of the final answers, in their order. */
  readonly statuses: readonly number[]
  /** The server has closed the connection, and the deadline had not passed. */
  readonly closed: boolean
  /** One character a byte. */
  readonly received: string
}

export interface BytesServer {
  readonly host: string
  readonly port: number
  /** Over TLS. */
  readonly isSecure?: boolean
}

/**
 * Sends bytes on a new connection, and waits until the server closes it. Once as many answers have come as `answers`, none of them an error, it asks for
 * `after` there: a connection on which both sides have read the same is in step.
 */
export function exchangeBytes(
  { host, port, isSecure = false }: BytesServer,
  {
    bytes,
    answers,
    after = '/after',
    deadlineMs = 15_000,
  }: { bytes: string; answers: number; after?: string; deadlineMs?: number },
): Promise<BytesExchange> {
  return new Promise((resolve) => {
    const socket = isSecure
      ? connectTls({ host, port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
      : connect({ host, port })
    let received = ''
    let asked = false
    const finish = (closed: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ statuses: statusesIn(received), closed, received })
    }
    const timer = setTimeout(() => finish(false), deadlineMs)
    socket.setEncoding('latin1').on('data', (text) => {
      received += String(text)
      const statuses = statusesIn(received)
      if (asked || statuses.length < answers || statuses.some((status) => status >= 400)) return
      asked = true
      socket.write(`GET ${after} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    })
    // A reset is one of the ways in which a server closes.
    socket.on('error', () => undefined)
    socket.once('close', () => finish(true))
    socket.write(bytes, 'latin1')
  })
}

function statusesIn(received: string): number[] {
  return [...received.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)]
    .map(([, status]) => Number(status))
    .filter((one) => one >= 200)
}
