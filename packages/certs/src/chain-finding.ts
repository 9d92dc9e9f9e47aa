/** One thing that is worth a word about a chain. */
export interface ChainFinding {
  /** Stable. */
  readonly code:
    | 'expired'
    | 'not-yet-valid'
    | 'ends-soon'
    | 'weak-key'
    | 'weak-signature'
    | 'no-names'
    | 'wrong-host'
    | 'wrong-order'
    | 'stray'
    | 'self-signed'
    | 'missing-intermediate'
    | 'unknown-issuer'
    | 'unknown-root'
    | 'local-root-not-trusted'
    | 'refused'
  /** `wrong`: a client refuses the chain for it. */
  readonly severity: 'wrong' | 'note'
  /** Which one, from 1; `null` when it is about the chain. */
  readonly certificate: number | null
  readonly message: string
}
