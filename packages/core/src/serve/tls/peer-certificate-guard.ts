import type { X509Certificate } from 'node:crypto'
import type { PeerCertificate, TLSSocket } from 'node:tls'

/** Curves for which OpenSSL knows the name that NIST gave them. */
const namedByNist = ['prime256v1', 'secp224r1', 'secp384r1', 'secp521r1']

/**
 * Keeps an app that asks Node for a client's certificate from being ended by it: for a key on a curve without a name by NIST, such
 * as brainpoolP256r1, `getPeerCertificate()` of Node reads a null pointer (seen on Node 22 to 24), and any client can show one where
 * certificates are only asked for. This is a trick: the method of this one socket is replaced. For such a certificate it returns
 * what the other way of Node returns, without the fields of the key.
 */
export function guardPeerCertificate(socket: TLSSocket): void {
  const original = socket.getPeerCertificate.bind(socket) as (detailed?: boolean) => PeerCertificate
  const guarded = (detailed?: boolean): PeerCertificate => {
    const certificate = socket.getPeerX509Certificate()
    return certificate && isUnsafe(certificate) ? withoutKey(certificate) : original(detailed)
  }
  socket.getPeerCertificate = guarded as TLSSocket['getPeerCertificate']
}

/** What `getPeerCertificate()` returns for a certificate. Its own way of Node, `toLegacyObject()`, reads the same null pointer. */
export function peerCertificateOf(certificate: X509Certificate): PeerCertificate {
  return isUnsafe(certificate) ? withoutKey(certificate) : certificate.toLegacyObject()
}

/** With its issuers, since `getPeerCertificate(true)` reads them too. */
function isUnsafe(certificate: X509Certificate): boolean {
  for (let next: X509Certificate | undefined = certificate; next; next = next.issuerCertificate) {
    const curve = curveOf(next)
    if (curve !== null && !namedByNist.includes(curve)) return true
    if (next === next.issuerCertificate) return false
  }
  return false
}

/** `null` for another kind of key; empty for one that Node can't read. */
function curveOf(certificate: X509Certificate): string | null {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
    return asymmetricKeyType === 'ec' ? (asymmetricKeyDetails?.namedCurve ?? '') : null
  } catch {
    return ''
  }
}

function withoutKey(certificate: X509Certificate): PeerCertificate {
  return {
    subject: attributes(certificate.subject),
    issuer: attributes(certificate.issuer),
    ...(certificate.subjectAltName !== undefined && { subjectaltname: certificate.subjectAltName }),
    ca: certificate.ca,
    valid_from: certificate.validFrom,
    valid_to: certificate.validTo,
    fingerprint: certificate.fingerprint,
    fingerprint256: certificate.fingerprint256,
    fingerprint512: certificate.fingerprint512,
    serialNumber: certificate.serialNumber,
    raw: certificate.raw,
  } as unknown as PeerCertificate
}

/** One attribute a line, as Node writes it; a repeated one becomes a list, as under Node. */
function attributes(name: string): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = Object.create(null)
  for (const line of name.split('\n')) {
    const [, key, value = ''] = /^([^=]+)=(.*)$/.exec(line) ?? []
    if (key === undefined) continue
    const before = found[key]
    found[key] = before === undefined ? value : [before, value].flat()
  }
  return found
}
