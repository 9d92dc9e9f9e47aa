import type { KeyObject, X509Certificate } from 'node:crypto'
import { certificateFields } from '../chain/certificate-fields.ts'
import { canonicalAddress } from '../chain/hosts-of.ts'
import { isSelfSigned, oneLine } from '../chain/is-self-signed.ts'

/** What one certificate says. */
export interface CertificateFacts {
  /** On one line, for example `CN=localhost, O=Example`. */
  readonly subject: string
  readonly issuer: string
  readonly subjectAltNames: readonly string[]
  /** Hexadecimal. */
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** For example `RSA 2048`, `EC P-256`, `ED25519`. */
  readonly keyType: string
  /** By what it is signed, for example `ECDSA with SHA-256`. */
  readonly signature: string
  /** SHA-256 of the DER, as `AA:BB:…`. */
  readonly fingerprint256: string
  readonly isAuthority: boolean
  readonly selfSigned: boolean
  readonly pem: string
}

export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    subjectAltNames: (certificate.subjectAltName ?? '')
      .split(', ')
      .flatMap((entry) => /^(?:DNS|IP Address|email|URI):"?([^"]+)"?$/.exec(entry)?.[1] ?? [])
      .map(canonicalAddress),
    serialNumber: certificate.serialNumber,
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    keyType: keyTypeOf(certificate.publicKey),
    signature: signatureName(certificate),
    fingerprint256: certificate.fingerprint256,
    isAuthority: certificate.ca,
    selfSigned: isSelfSigned(certificate),
    pem: certificate.toString(),
  }
}

const curves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

function keyTypeOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {}
  const kind = (asymmetricKeyType ?? 'unknown').toUpperCase()
  if (modulusLength !== undefined) return `${kind} ${modulusLength}`
  if (namedCurve !== undefined) return `EC ${curves[namedCurve] ?? namedCurve}`
  return kind
}

function signatureName(certificate: X509Certificate): string {
  const { algorithm, hash } = certificateFields(certificate).signature
  return hash === null ? algorithm : `${algorithm} with ${hash}`
}
