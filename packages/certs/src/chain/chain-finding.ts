/** A finding about a chain. */
export interface ChainFinding {
  /** Stable. */
  readonly code:
    | 'expired'
    | 'not-yet-valid'
    | 'ends-soon'
    | 'weak-key'
    | 'weak-signature'
    | 'explicit-curve'
    | 'unknown-critical'
    | 'key-usage'
    | 'extended-key-usage'
    | 'must-staple'
    | 'authority-as-leaf'
    | 'no-names'
    | 'wrong-host'
    | 'wrong-order'
    | 'twice'
    | 'stray'
    | 'bad-signature'
    | 'no-authority'
    | 'path-too-long'
    | 'forbidden-name'
    | 'self-signed'
    | 'missing-intermediate'
    | 'unknown-issuer'
    | 'unknown-root'
    | 'local-root-not-trusted'
    | 'refused'
  /** `wrong`: every client in use refuses the chain for it. `note`: some do, or will. */
  readonly severity: 'wrong' | 'note'
  /** The number of the certificate, from 1; `null` if the finding is about the chain. */
  readonly certificate: number | null
  readonly message: string
}

/** A finding about one certificate. `says` continues a sentence that begins with the name of the certificate. */
export interface CertificateFinding {
  readonly code: ChainFinding['code']
  readonly severity: ChainFinding['severity']
  readonly says: string
  /** The time when the fault ends by itself, if it does. */
  readonly until?: Date
}

export function wrong(code: ChainFinding['code'], says: string): CertificateFinding {
  return { code, severity: 'wrong', says }
}

export function note(code: ChainFinding['code'], says: string): CertificateFinding {
  return { code, severity: 'note', says }
}
