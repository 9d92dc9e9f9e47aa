/** Why no certificate can be shown. `code` is stable. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
  readonly code:
    | 'ERR_CERT_EMPTY'
    | 'ERR_CERT_ENCODING'
    | 'ERR_CERT_INVALID'
    | 'ERR_CERT_PASSPHRASE'
    | 'ERR_CERT_UNREACHABLE'
  /** The cure. */
  readonly hint: string

  constructor({
    code,
    message,
    hint,
    cause,
  }: { code: CertificateError['code']; message: string; hint: string; cause?: unknown }) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
  }
}
