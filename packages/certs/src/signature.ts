import type { X509Certificate } from 'node:crypto'
import { x509 } from './webcrypto-provider.ts'

/** By what a certificate is signed. Node tells it only from version 24 on. */
export function signatureOf(certificate: X509Certificate): { name: string; weak: boolean } {
  const algorithm = new x509.X509Certificate(certificate.raw).signatureAlgorithm as {
    name: string
    hash?: { name: string }
  }
  const hash = algorithm.hash?.name
  const kind = algorithm.name.replace('RSASSA-PKCS1-v1_5', 'RSA')
  return {
    name: hash === undefined ? kind : `${kind} with ${hash}`,
    // Forged certificates have been made for both. Clients stopped taking them in 2009 and 2017.
    weak: /^(?:MD5|SHA-1)$/i.test(hash ?? ''),
  }
}
