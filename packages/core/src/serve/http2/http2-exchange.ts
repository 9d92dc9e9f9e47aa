import type { ServerHttp2Stream } from 'node:http2'

/** What has been written to a client on a stream. */
export interface Http2Progress {
  readonly stream: ServerHttp2Stream
  /** Writes of which the client has taken all. Over HTTP/2, nothing reports parts of one. */
  written: number
}

/** By their requests and responses. An app may replace the prototype of these, and what it finds on them. */
const exchanges = new WeakMap<object, Http2Progress>()

export function rememberStream(exchange: object, stream: ServerHttp2Stream): Http2Progress {
  const progress = { stream, written: 0 }
  exchanges.set(exchange, progress)
  return progress
}

/** The stream of a request or a response over HTTP/2; `null` over HTTP/1. */
export function http2StreamOf(exchange: object): ServerHttp2Stream | null {
  return exchanges.get(exchange)?.stream ?? null
}

/** Of a response; `null` over HTTP/1. */
export function http2ProgressOf(response: object): Http2Progress | null {
  return exchanges.get(response) ?? null
}
