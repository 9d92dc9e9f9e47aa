import { X509Certificate } from 'node:crypto'
import { CertificateError } from './certificate-error.ts'
import { type CertificateFacts, certificateFacts } from './certificate-facts.ts'
import { isDer, readCertificates } from './read-certificates.ts'
import { chainOfBundle } from './served-chain.ts'

/** What each certificate of a PEM text or of a DER file says. Throws `CertificateError`. */
export function inspectCertificate(given: string | Uint8Array): CertificateFacts[] {
  return readCertificates(given).map(certificateFacts)
}

/**
 * The certificates of a file in its order: PEM, DER, or PKCS#12, which may need a passphrase and where the order is the one in
 * which they would be served. Throws `CertificateError`.
 */
export async function readCertificateFile(
  bytes: Uint8Array,
  { passphrase }: { passphrase?: string | undefined } = {},
): Promise<X509Certificate[]> {
  if (!isDer(bytes) || isCertificate(bytes)) return readCertificates(bytes)
  try {
    return await chainOfBundle(bytes, passphrase)
  } catch (cause) {
    throw refusal(cause, passphrase)
  }
}

function isCertificate(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.length > 0
  } catch {
    return false
  }
}

/** OpenSSL's reasons in our words. */
function refusal(cause: unknown, passphrase: string | undefined): CertificateError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  if (/mac verify failure|wrong password/i.test(reason)) {
    return new CertificateError({
      code: 'ERR_CERT_PASSPHRASE',
      message:
        passphrase === undefined
          ? 'The PKCS#12 file has a passphrase, and none is given.'
          : 'The passphrase does not open the PKCS#12 file.',
      hint: 'Name a file with the right one: --passphrase-file FILE.',
      cause,
    })
  }
  if (/unsupported|inner_evp_generic_fetch|RC2/i.test(reason)) {
    return new CertificateError({
      code: 'ERR_CERT_INVALID',
      message: 'The PKCS#12 file is encrypted in a way that OpenSSL 3 takes no more (RC2 or 3DES).',
      hint: 'Export it anew: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW.',
      cause,
    })
  }
  return new CertificateError({
    code: 'ERR_CERT_INVALID',
    message: 'The file holds a certificate that can not be parsed.',
    hint: 'It may be cut off, or be a PKCS#12 file without a key. PEM, DER and PKCS#12 are read.',
    cause,
  })
}
