import { X509Certificate } from 'node:crypto'
import { CertificateError } from './certificate-error.ts'

const block =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g

/** Every certificate of a PEM text, or the one of a DER file, in order. Throws `CertificateError`. */
export function readCertificates(given: string | Uint8Array): X509Certificate[] {
  const bytes = typeof given === 'string' ? Buffer.from(given) : Buffer.from(given)
  if (bytes.length === 0)
    throw new CertificateError({
      code: 'ERR_CERT_EMPTY',
      message: 'The file is empty.',
      hint: 'Name a file with a certificate in it.',
    })
  if (isDer(bytes)) return [parse(bytes)]
  if (bytes.subarray(0, 64).includes(0)) {
    throw new CertificateError({
      code: 'ERR_CERT_ENCODING',
      message: 'The file is saved as UTF-16; PEM is ASCII (RFC 7468).',
      hint: 'Save it as UTF-8.',
    })
  }
  const blocks = bytes.toString('utf8').match(block) ?? []
  if (blocks.length === 0) {
    const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(bytes.toString('utf8'))?.[1]
    throw new CertificateError({
      code: 'ERR_CERT_INVALID',
      message: `The file holds no certificate${found ? `, but a ${found}` : ''}.`,
      hint: 'PEM begins with -----BEGIN CERTIFICATE-----.',
    })
  }
  return blocks.map(parse)
}

/** Whether a file begins as DER does: certificates and PKCS#12 are both an ASN.1 SEQUENCE. */
export function isDer(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30
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
