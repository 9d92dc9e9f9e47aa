import { once } from 'node:events'
import { connect } from 'node:tls'
import type { Request } from '../http/node-client.ts'
import { missedDeadline } from '../missed-deadline.ts'

/** Requests a second handshake on a TLS 1.2 connection (RFC 5746). Returns why it was refused, or `null` if it was accepted. */
export async function renegotiate(
  { host, port }: Pick<Request, 'host' | 'port'>,
  { deadlineMs = 5_000 }: { deadlineMs?: number } = {},
): Promise<string | null> {
  const socket = connect({ host, port, rejectUnauthorized: false, maxVersion: 'TLSv1.2' })
  const outcome = Promise.withResolvers<string | null>()
  const timer = setTimeout(
    () => outcome.reject(missedDeadline(deadlineMs, 'an answer to a renegotiation')),
    deadlineMs,
  )
  try {
    await once(socket, 'secureConnect')
    socket.on('error', (error) => outcome.resolve(error.message))
    socket.once('close', () => outcome.resolve('the connection was closed'))
    socket.renegotiate({ rejectUnauthorized: false }, (error) => outcome.resolve(error?.message ?? null))
    return await outcome.promise
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}
