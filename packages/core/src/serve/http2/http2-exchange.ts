import type { ServerHttp2Stream } from 'node:http2'

/** By their requests and responses. An app may replace the prototype of these, and what it finds on them. */
const streams = new WeakMap<object, ServerHttp2Stream>()

export function rememberStream(exchange: object, stream: ServerHttp2Stream): void {
  streams.set(exchange, stream)
}

/** The stream of a request or a response over HTTP/2; `null` over HTTP/1. */
export function http2StreamOf(exchange: object): ServerHttp2Stream | null {
  return streams.get(exchange) ?? null
}
