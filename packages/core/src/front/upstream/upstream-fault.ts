/** Why an upstream has not answered a request, or not to the end. */
export interface UpstreamFault {
  readonly kind: FaultKind
  /** For the log: it may name addresses. */
  readonly reason: string
  /** The upstream has closed the connection in order. */
  readonly isEnd?: boolean
}

export type FaultKind =
  /** No upstream takes requests. */
  | 'none-ready'
  /** No connection could be opened. */
  | 'refused'
  | 'connect-late'
  /** It closed the connection before a byte of an answer. */
  | 'closed'
  | 'response-late'
  /** What came is not a valid answer. */
  | 'invalid'
  /** It closed the connection within its answer. */
  | 'cut'
  /** It stopped to send within its answer. */
  | 'silent'
