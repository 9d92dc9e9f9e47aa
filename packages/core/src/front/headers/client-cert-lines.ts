import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { issuersOf } from '../../serve/tls/client-issuers.ts'

/**
 * The fields `Client-Cert` and `Client-Cert-Chain` (RFC 9440) as lines of a head. Empty unless the client has proved by a certificate who it is. The chain has
 * the CAs of the server; an intermediate that only the client knows is not in it.
 */
export function clientCertLines(socket: Partial<TLSSocket>): string {
  if (socket.authorized !== true) return ''
  const leaf = socket.getPeerX509Certificate?.()
  if (!leaf || leaf.validToDate < new Date()) return ''
  const chain = issuersOf(socket, leaf).map(byteSequence)
  return `Client-Cert: ${byteSequence(leaf)}\r\n${chain.length > 0 ? `Client-Cert-Chain: ${chain.join(', ')}\r\n` : ''}`
}

/** RFC 8941 section 3.3.5. */
function byteSequence({ raw }: X509Certificate): string {
  return `:${raw.toString('base64')}:`
}
