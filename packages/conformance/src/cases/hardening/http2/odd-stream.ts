import type { RawFields } from '../../../clients/http/http2-frames.ts'
import type { SeenRequest } from '../http1/ambiguous-request.ts'

/** A request over HTTP/2 that a server which passes it on over HTTP/1.1 could turn into something else. */
export interface OddStream {
  /** What is odd about it. */
  readonly name: string
  /** Its head, pseudo-header fields among them. */
  readonly fields: RawFields
  /** Sent in DATA; unset, the head is all. */
  readonly body?: string
  /** Sent behind the body. */
  readonly trailers?: RawFields
  /**
   * - `refused`: an answer from 400 on, or the stream or the connection is reset. The app sees nothing of it.
   * - `cut`: the same, but the head was sound, so the app may see that. It never sees an end of the body.
   * - `served`: the app sees exactly the request in `sees`.
   * - `either`: refused, or served.
   */
  readonly right: 'refused' | 'cut' | 'served' | 'either'
  readonly sees?: Partial<SeenRequest>
  readonly source: string
}

/** The head of a request for `/outer`, with other fields instead of some or behind them. `null` leaves one out. */
export function head(
  instead: Readonly<Partial<Record<'method' | 'scheme' | 'path' | 'authority', string | null>>>,
  more: RawFields = [],
): RawFields {
  const all = { method: 'GET', scheme: 'https', path: '/outer', authority: 'localhost', ...instead }
  const pseudo = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [[`:${name}`, value] as const],
  )
  return [...pseudo, ...more]
}

export function fromSource(
  source: string,
  streams: readonly (Omit<OddStream, 'source'> & { readonly source?: string })[],
): readonly OddStream[] {
  return streams.map((stream) => ({ source, ...stream }))
}
