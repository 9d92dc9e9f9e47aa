import type { KeyObject, X509Certificate } from 'node:crypto'
import type { Fault } from '../errors/launch-error.ts'
import { oneLine } from './read-chain.ts'

/** Where a certificate was read, for messages. */
interface Place {
  readonly what: string
  readonly source: string
}

const serverUsages: readonly string[] = [
  '1.3.6.1.5.5.7.3.1', // serverAuth
  '2.5.29.37.0', // anyExtendedKeyUsage
]

/** A leaf that says what it is for, and not for servers: every client that checks it refuses it (RFC 5280 section 4.2.1.12). */
export function usageFaults(leaf: X509Certificate, { what, source }: Place): Fault[] {
  // Node calls the extended key usage `keyUsage`, and its types say that it is always there.
  const usages = leaf.keyUsage as readonly string[] | undefined
  if (!usages || usages.some((usage) => serverUsages.includes(usage))) return []
  return [
    {
      code: 'ERR_TLS_CERT_USAGE',
      message: `The certificate ${oneLine(leaf.subject)} in ${what} is not for servers: its extended key usage is ${usages.join(', ')}.`,
      hint: 'Have a certificate issued with the extended key usage serverAuth.',
      source,
    },
  ]
}

/** Keys that can be broken. Node 22 serves them, later versions refuse some of them in words of OpenSSL (measured). */
export function weakKeyFaults(certificates: readonly X509Certificate[], { what, source }: Place): Fault[] {
  return certificates.flatMap((certificate): Fault[] => {
    const weakness = weaknessOf(certificate.publicKey)
    return weakness === null
      ? []
      : [
          {
            code: 'ERR_TLS_KEY_WEAK',
            message: `The key of ${oneLine(certificate.subject)} in ${what} is too weak: ${weakness}.`,
            hint: 'Have a certificate issued for a new key: RSA with 2048 bits or more, or ECDSA with P-256.',
            source,
          },
        ]
  })
}

/** NIST SP 800-131A: 112 bits of security at least. */
function weaknessOf({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): string | null {
  const { modulusLength, namedCurve } = asymmetricKeyDetails
  if (asymmetricKeyType?.startsWith('rsa') && modulusLength !== undefined && modulusLength < 2048)
    return `RSA with ${modulusLength} bits`
  if (asymmetricKeyType === 'dsa') return 'DSA, which TLS 1.3 has dropped'
  const bits = Number(/(\d{3})/.exec(namedCurve ?? '')?.[1] ?? 256)
  return asymmetricKeyType === 'ec' && bits < 224 ? `the curve ${namedCurve}` : null
}
