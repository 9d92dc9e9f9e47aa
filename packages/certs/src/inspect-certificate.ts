import { type KeyObject, X509Certificate } from 'node:crypto'
import { CertificateError } from './certificate-error.ts'

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
  /** SHA-256 of the DER, as `AA:BB:…`. */
  readonly fingerprint256: string
  readonly isAuthority: boolean
  readonly selfSigned: boolean
  readonly pem: string
}

const block =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g

/** Reads every certificate of a PEM text, or the one of a DER file. Throws `CertificateError`. */
export function inspectCertificate(given: string | Uint8Array): CertificateFacts[] {
  const bytes = typeof given === 'string' ? Buffer.from(given) : Buffer.from(given)
  if (bytes.length === 0)
    throw new CertificateError({
      code: 'ERR_CERT_EMPTY',
      message: 'The file is empty.',
      hint: 'Name a file with a certificate in it.',
    })
  const isDer = bytes[0] === 0x30
  if (!isDer && bytes.subarray(0, 64).includes(0)) {
    throw new CertificateError({
      code: 'ERR_CERT_ENCODING',
      message: 'The file is saved as UTF-16; PEM is ASCII (RFC 7468).',
      hint: 'Save it as UTF-8.',
    })
  }
  const blocks: readonly (string | Uint8Array)[] = isDer
    ? [bytes]
    : (bytes.toString('utf8').match(block) ?? [])
  if (blocks.length === 0) {
    const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(bytes.toString('utf8'))?.[1]
    throw new CertificateError({
      code: 'ERR_CERT_INVALID',
      message: `The file holds no certificate${found ? `, but a ${found}` : ''}.`,
      hint: 'PEM begins with -----BEGIN CERTIFICATE-----.',
    })
  }
  return blocks.map((one) => facts(parse(one)))
}

function parse(one: string | Uint8Array): X509Certificate {
  try {
    return new X509Certificate(one)
  } catch (cause) {
    throw new CertificateError({
      code: 'ERR_CERT_INVALID',
      message: 'The file holds a certificate that can not be parsed.',
      hint: 'It may be cut off, or damaged in transport.',
      cause,
    })
  }
}

function facts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    subjectAltNames: (certificate.subjectAltName ?? '')
      .split(', ')
      .flatMap((entry) => /^(?:DNS|IP Address|email|URI):"?([^"]+)"?$/.exec(entry)?.[1] ?? []),
    serialNumber: certificate.serialNumber,
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    keyType: keyTypeOf(certificate.publicKey),
    fingerprint256: certificate.fingerprint256,
    isAuthority: certificate.ca,
    // `checkIssued()` says no for a leaf, which has no right to sign certificates.
    selfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
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

/** A certificate may have an empty subject: its names then stand in the subjectAltName alone. */
function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ')
}
