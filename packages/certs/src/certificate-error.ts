/**
 * Why no certificate can be shown. `code` is stable. It has what a `LaunchError` of `@lockstep/core` has, so that the same code can report
 * both: `hint`, `faults`, and the same faults as `errors`.
 */
export class CertificateError extends AggregateError {
  override readonly name = 'CertificateError'
  readonly code:
    | 'LOCKSTEP_ERR_CERT_EMPTY'
    | 'LOCKSTEP_ERR_CERT_ENCODING'
    | 'LOCKSTEP_ERR_CERT_INVALID'
    | 'LOCKSTEP_ERR_CERT_PASSPHRASE'
    | 'LOCKSTEP_ERR_CERT_UNREACHABLE'
  /** The cure. */
  readonly hint: string
  /** The one thing that is wrong. */
  readonly faults: readonly [CertificateFault]

  constructor(fault: CertificateFault) {
    const { code, message, hint, cause } = fault
    const options = cause === undefined ? undefined : { cause }
    const error = Object.assign(new Error(message, options), {
      name: 'FaultError',
      stack: `FaultError: ${message}`,
      code,
      hint,
    })
    super([error], message, options)
    this.code = code
    this.hint = hint
    this.faults = [fault]
  }
}

/** What is wrong with a certificate. */
export interface CertificateFault {
  readonly code: CertificateError['code']
  readonly message: string
  readonly hint: string
  readonly cause?: unknown
}
