/** How long the front waits for an upstream, and how many connections it keeps. In milliseconds; 0: no limit. */
export interface FrontLimits {
  /** Until a connection is open. */
  readonly connectMs: number
  /** From the last byte of a request to the head of its response. */
  readonly responseMs: number
  /** Between two parts of a response body. Event streams and switched protocols may be silent for longer. */
  readonly silenceMs: number
  /**
   * For how long an unused connection is kept, unless the upstream names another time. Usual servers close theirs after 2 s (Gunicorn), 5 s (Uvicorn,
   * Node.js) or later: the front must be the first, or a request meets a connection that is being closed.
   */
  readonly idleMs: number
  /** Unused connections to each upstream. */
  readonly idleConnections: number
}

export const defaultLimits: FrontLimits = {
  connectMs: 10_000,
  responseMs: 300_000,
  silenceMs: 300_000,
  idleMs: 1_500,
  idleConnections: 256,
}
