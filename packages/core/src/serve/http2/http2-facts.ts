import type { IncomingMessage } from 'node:http'

/** What the server wants to know of a request over HTTP/2, and the app doesn't. */
export interface Http2Facts {
  /** Without the pseudo-header fields but `:authority`. */
  readonly fieldCount: number
  /** Of all names and values, in characters. */
  readonly fieldSize: number
  /** `:authority` and each `Host` field, as they came. */
  readonly hosts: readonly string[]
  /** The protocol that an extended CONNECT asks for (RFC 8441 section 4). */
  readonly protocol: string | null
}

const facts = new WeakMap<object, Http2Facts>()

export function rememberFacts(request: object, read: Http2Facts): void {
  facts.set(request, read)
}

/** `null` for a request over HTTP/1, whatever version its request line claims. */
export function http2FactsOf(request: IncomingMessage): Http2Facts | null {
  return facts.get(request) ?? null
}
