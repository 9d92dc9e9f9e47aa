import { X509Certificate } from 'node:crypto'
import { CertificateError } from '../certificate-error.ts'
import { materialKind } from '../material/material-kind.ts'
import { readPemBlocks } from '../material/pem-blocks.ts'
import { wideEncoding } from '../material/read-text.ts'

/** Every certificate of a PEM text, or the one of a DER file, in order. Throws `CertificateError`. */
export function readCertificates(given: string | Uint8Array): X509Certificate[] {
  const bytes = typeof given === 'string' ? Buffer.from(given) : Buffer.from(given)
  if (bytes.length === 0)
    throw new CertificateError({
      code: 'LOCKSTEP_ERR_CERT_EMPTY',
      message: 'The file is empty.',
      hint: 'Name a file with a certificate in it.',
    })
  if (isDer(bytes)) return [parse(bytes)]
  const wide = wideEncoding(bytes)
  if (wide) {
    throw new CertificateError({
      code: 'LOCKSTEP_ERR_CERT_ENCODING',
      message: `The file is saved as ${wide}; PEM is ASCII (RFC 7468).`,
      hint: 'Save it as UTF-8.',
    })
  }
  const reading = readPemBlocks(bytes.toString('utf8'))
  if (reading.kind === 'broken')
    throw invalid({ message: `The file ${reading.says}.`, hint: 'Copy the whole file again.' })
  const blocks = reading.blocks.filter(({ label }) => /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label))
  if (blocks.length > 0) return blocks.map(({ pem }) => parse(pem))
  const kind = materialKind(bytes)
  if (kind) throw invalid({ message: `The file is ${kind.name}.`, hint: kind.cure })
  const found = reading.blocks[0]?.label
  throw invalid({
    message: `The file holds no certificate${found ? `, but a ${found}` : ''}.`,
    hint: 'PEM begins with -----BEGIN CERTIFICATE-----.',
  })
}

/** Whether a file begins as DER does: certificates and PKCS#12 are both an ASN.1 SEQUENCE. */
export function isDer(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30
}

function parse(one: string | Uint8Array): X509Certificate {
  try {
    return new X509Certificate(one)
  } catch (cause) {
    const kind = typeof one === 'string' ? null : materialKind(one)
    throw invalid(
      kind && !kind.name.startsWith('a certificate')
        ? { message: `The file is ${kind.name}.`, hint: kind.cure, cause }
        : {
            message: "The file contains a certificate that can't be parsed.",
            hint: 'It may be cut off, or damaged in transport.',
            cause,
          },
    )
  }
}

function invalid(why: { message: string; hint: string; cause?: unknown }): CertificateError {
  return new CertificateError({ code: 'LOCKSTEP_ERR_CERT_INVALID', ...why })
}
