import { X509Certificate } from 'node:crypto'
import { CertificateError } from '../certificate-error.ts'
import { materialKind } from '../material/material-kind.ts'
import { type OpenedPfx, openPfx } from '../pfx/open-pfx.ts'
import { type CertificateFacts, certificateFacts } from './certificate-facts.ts'
import { isDer, readCertificates } from './read-certificates.ts'

/** What each certificate of a PEM text or of a DER file says. Throws `CertificateError`. */
export function inspectCertificate(given: string | Uint8Array): CertificateFacts[] {
  return readCertificates(given).map(certificateFacts)
}

/**
 * The certificates of a file in its order: PEM, DER, or PKCS#12, which may need a passphrase and where the order is the one in
 * which they would be served. Throws `CertificateError`.
 */
export function readCertificateFile(
  bytes: Uint8Array,
  { passphrase }: { passphrase?: string | undefined } = {},
): X509Certificate[] {
  const isPfx = materialKind(bytes)?.name.startsWith('a PKCS#12') ?? false
  if (!isDer(bytes) || isCertificate(bytes) || !isPfx) return readCertificates(bytes)
  const opened = openPfx(bytes, passphrase ?? null)
  if (opened.kind === 'refused') throw refusal(opened, passphrase)
  return readCertificates(opened.pairs.map(({ chainPem }) => chainPem).join(''))
}

function isCertificate(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.length > 0
  } catch {
    return false
  }
}

function refusal(
  { reason, cause, detail = '' }: Extract<OpenedPfx, { kind: 'refused' }>,
  passphrase: string | undefined,
): CertificateError {
  switch (reason) {
    case 'passphrase':
      return new CertificateError({
        code: 'LOCKSTEP_ERR_CERT_PASSPHRASE',
        message:
          passphrase === undefined
            ? 'The PKCS#12 file has a passphrase, and none is given.'
            : 'The passphrase does not open the PKCS#12 file.',
        hint: 'Name a file with the right one: --passphrase-file FILE.',
        cause,
      })
    case 'legacy':
      return invalid({
        message: 'The PKCS#12 file is encrypted in a way that OpenSSL 3 takes no more (RC2 or RC4).',
        hint: 'Export it again: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW.',
      })
    case 'unsupported':
      return invalid({
        message: `The PKCS#12 file is encrypted in a way that is not known here (${detail}).`,
        hint: 'Export it again with AES: openssl pkcs12 -in OLD -nodes | openssl pkcs12 -export -out NEW.',
        cause,
      })
    case 'stray':
      return invalid({
        message: `The PKCS#12 file holds the certificate ${detail}, which belongs to no key in it and has issued no certificate that does.`,
        hint: 'Export it again without that certificate.',
      })
    case 'without-key':
      return invalid({
        message: 'The PKCS#12 file holds no private key, so that no certificate in it could be served.',
        hint: 'Export the certificate together with its key, or inspect it as PEM or DER.',
        cause,
      })
    case 'without-certificate':
      return invalid({
        message: 'The PKCS#12 file holds no certificate that belongs to its private key.',
        hint: 'Export the key together with its certificate.',
        cause,
      })
    case 'invalid':
      return invalid({
        message: "The file contains a certificate that can't be parsed.",
        hint: 'It may be cut off. PEM, DER and PKCS#12 are read.',
        cause,
      })
  }
}

function invalid(why: { message: string; hint: string; cause?: unknown }): CertificateError {
  return new CertificateError({ code: 'LOCKSTEP_ERR_CERT_INVALID', ...why })
}
