/** A request as an app may see it. */
export interface SeenRequest {
  readonly method: string
  readonly target: string
  readonly host: string
  readonly body: string
}

/**
 * A request that two servers in a row could read in different ways. What is sent comes from the RFCs: RFC 9112 says how a message is framed and
 * RFC 9110 what its fields may contain.
 */
export interface AmbiguousRequest {
  /** What is odd about it. */
  readonly name: string
  /** All that is sent, in one piece; one character a byte. */
  readonly bytes: string
  /**
   * - `refused`: an answer from 400 on or none, and the connection is closed. The app sees nothing of it.
   * - `cut`: the same, but the head was sound, so the app may see that. It never sees an end of the body.
   * - `served`: the app sees exactly the requests in `sees`, and the connection stays in step.
   * - `either`: refused, or served. The RFC leaves it to the server.
   */
  readonly right: 'refused' | 'cut' | 'served' | 'either'
  /** Unset, one request to `/outer` with the method of the first line, the host `localhost`, and no body. */
  readonly sees?: readonly Partial<SeenRequest>[]
  /** The server may close the connection after any of the answers, and then the app sees nothing of the rest. */
  readonly mayClose?: true
  /** Such as `RFC 9112 section 6.3`. */
  readonly source: string
  /** The id of the test of Http11Probe that asks the same, for comparison. */
  readonly probe?: string
}

/** What must not be taken for a request of its own. */
export const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** A POST to `/outer` with these lines of header fields after `Host`, and what follows the head. */
export function post(fields: readonly string[], rest = ''): string {
  return ['POST /outer HTTP/1.1', 'Host: localhost', ...fields, '', rest].join('\r\n')
}

/** A GET of `/outer` with these lines of header fields, and what follows the head. No `Host` unless it is among them. */
export function get(fields: readonly string[], rest = ''): string {
  return ['GET /outer HTTP/1.1', ...fields, '', rest].join('\r\n')
}

/** A body as one chunk and the last one: RFC 9112 section 7.1. */
export function chunked(body: string): string {
  return `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
}

/** Fills in what a list of requests has in common. */
export function fromSource(
  source: string,
  requests: readonly (Omit<AmbiguousRequest, 'source'> & { readonly source?: string })[],
): readonly AmbiguousRequest[] {
  return requests.map((request) => ({ source, ...request }))
}

export function seenBy({ bytes, sees = [{}] }: AmbiguousRequest): readonly SeenRequest[] {
  const method = /^(?:\r\n)*(\S+)/.exec(bytes)?.[1] ?? ''
  return sees.map((one) => ({ method, target: '/outer', host: 'localhost', body: '', ...one }))
}
