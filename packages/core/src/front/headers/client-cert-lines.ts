import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'

/** So that a chain from a client does not make the head too large for the upstream. */
const longestChain = 8

/**
 * The fields `Client-Cert` and `Client-Cert-Chain` (RFC 9440) as lines of a head. Empty unless the client has proved by a certificate who it
 * is. A TLS session that was resumed carries the certificate alone.
 */
export function clientCertLines(socket: Partial<TLSSocket>): string {
  if (socket.authorized !== true) return ''
  const leaf = socket.getPeerX509Certificate?.()
  if (!leaf || leaf.validToDate < new Date()) return ''
  const chain = issuersOf(leaf).map(byteSequence)
  return `Client-Cert: ${byteSequence(leaf)}\r\n${chain.length > 0 ? `Client-Cert-Chain: ${chain.join(', ')}\r\n` : ''}`
}

/** RFC 8941 section 3.3.5. */
function byteSequence({ raw }: X509Certificate): string {
  return `:${raw.toString('base64')}:`
}

function issuersOf(leaf: X509Certificate): X509Certificate[] {
  const issuers: X509Certificate[] = []
  let { issuerCertificate } = leaf
  while (issuerCertificate && issuers.length < longestChain) {
    issuers.push(issuerCertificate)
    if (issuerCertificate.checkIssued(issuerCertificate)) break
    ;({ issuerCertificate } = issuerCertificate)
  }
  return issuers
}
