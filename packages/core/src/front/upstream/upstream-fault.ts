/** Why an upstream has not answered a request, or not to the end. */
export interface UpstreamFault {
  readonly kind: FaultKind
  /** For the log: it may name addresses. */
  readonly reason: string
  /** The upstream has closed the connection in order. */
  readonly isEnd?: boolean
}

/** Nothing of the request was sent. */
export function isUnsent(kind: FaultKind): boolean {
  return kind === 'refused' || kind === 'connect-late'
}

/** It says that the upstream works for no request. */
export function isFailure(kind: FaultKind): boolean {
  return isUnsent(kind) || kind === 'closed'
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
  /** It closed the connection in the middle of its answer. */
  | 'cut'
  /** It stopped sending in the middle of its answer. */
  | 'silent'
