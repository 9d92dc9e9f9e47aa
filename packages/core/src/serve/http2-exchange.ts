import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest, ServerHttp2Stream } from 'node:http2'

/** Whether a request over HTTP/2 names two hosts, which makes it malformed (RFC 9113 section 8.3.1): who checks one serves the other. */
export function namesTwoHosts(request: IncomingMessage): boolean {
  // Over HTTP/1 the headers are parsed when they are asked for, which the app may never do.
  if (request.httpVersionMajor !== 2) return false
  const { ':authority': authority, host } = request.headers
  return typeof authority === 'string' && host?.toLowerCase() !== authority.toLowerCase()
}

/** The stream of an exchange over HTTP/2; `null` over HTTP/1. By the version, since the prototype may have been exchanged. */
export function http2StreamOf(request: IncomingMessage): ServerHttp2Stream | null {
  return request.httpVersionMajor === 2 ? (request as unknown as Http2ServerRequest).stream : null
}
