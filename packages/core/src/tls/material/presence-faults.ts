import type { Fault } from '../../errors/launch-error.ts'
import type { LauncherBrand } from '../../options/launcher-brand.ts'
import { type OptionName, optionNames } from '../../options/option-table.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { ValueSource } from '../../options/sources/raw-options.ts'
import { spelledLike } from '../../options/sources/spelled-like.ts'

/** A certificate and its key come together, and either from files or self-signed: a missing half is never a downgrade. */
export function presenceFaults(
  options: ResolvedOptions,
  { brand }: { brand?: LauncherBrand | undefined } = {},
): Fault[] {
  if (options['tls.selfSigned'].value) return selfSignedFaults(options)
  const { 'tls.cert': cert, 'tls.key': key, 'tls.pfx': pfx } = options
  if (pfx.value !== null) return besidePfx(options)
  if (cert.value === null && key.value === null) return withoutCertificate(options, brand)
  if (key.value === null) {
    return [
      half(
        'LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY',
        `${cert.source.label} sets a certificate, but its private key is not set.`,
        `Set ${spelledLike(cert.source, 'tls.key', brand)}.`,
        cert.source.label,
      ),
    ]
  }
  if (cert.value === null) {
    return [
      half(
        'LOCKSTEP_ERR_TLS_KEY_WITHOUT_CERT',
        `${key.source.label} sets a private key, but its certificate is not set.`,
        `Set ${spelledLike(key.source, 'tls.cert', brand)}.`,
        key.source.label,
      ),
    ]
  }
  return []
}

/** A PKCS#12 file is both halves at once. */
function besidePfx(options: ResolvedOptions): Fault[] {
  const { source } = options['tls.pfx']
  return (['tls.cert', 'tls.key'] as const)
    .map((name) => options[name])
    .filter(({ value }) => value !== null)
    .map((other) =>
      half(
        'LOCKSTEP_ERR_TLS_PFX_AND_CERT',
        `${other.source.label} would be dropped: ${source.label} sets a certificate and its key.`,
        'Leave one of them out.',
        other.source.label,
      ),
    )
}

function half(code: Fault['code'], message: string, hint: string, source: string): Fault {
  return { code, message, hint, source }
}

/** What would be dropped beside a certificate that the launcher makes by itself. */
const noneBesideSelfSigned = [
  'tls.cert',
  'tls.key',
  'tls.pfx',
  'tls.passphrase',
  'tls.passphraseFile',
  'tls.passphraseCommand',
] as const satisfies readonly OptionName[]

function selfSignedFaults(options: ResolvedOptions): Fault[] {
  const own = options['tls.selfSigned'].source.label
  return noneBesideSelfSigned
    .filter((name) => options[name].value !== null)
    .map((name) => ({
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `${options[name].source.label} would be dropped: ${own} makes its own certificate and key.`,
      hint: 'Leave one of them out.',
      source: options[name].source.label,
    }))
}

/** Without a certificate each other TLS option would be dropped, and the server would speak plain HTTP. */
function withoutCertificate(options: ResolvedOptions, brand: LauncherBrand | undefined): Fault[] {
  return (
    optionNames
      .filter((name) => name.startsWith('tls.') && options[name].source.kind !== 'default')
      // It holds for TLS that a trusted proxy ends too.
      .filter((name) => name !== 'tls.hsts' || options['proxy.trusted'].value === null)
      .filter((name) => ![null, false, 'none'].includes(options[name].value as null | boolean | string))
      .map((name) => withoutItsCertificate(options[name].source, brand))
  )
}

function withoutItsCertificate(source: ValueSource, brand: LauncherBrand | undefined): Fault {
  const cert = spelledLike(source, 'tls.cert', brand)
  // Like the certificate, so that the two are a pair.
  const key = spelledLike({ ...source, label: cert }, 'tls.key', brand)
  const selfSigned = spelledLike(source, 'tls.selfSigned', brand)
  return {
    code: 'LOCKSTEP_ERR_TLS_WITHOUT_CERT',
    message: `${source.label} is set, but there is no certificate, so the server would speak plain HTTP.`,
    hint: `Set ${cert} and ${key}, or ${selfSigned} for development.`,
    source: source.label,
  }
}
