import type { IncomingMessage } from 'node:http'
import {
  Http2ServerRequest,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { ReadableOptions } from 'node:stream'

/**
 * A request over HTTP/2 as an app knows it from HTTP/1.1. `Host` is there, whatever the client named the host with: an app looks
 * for it there (RFC 9113 section 8.3.1 has it copied from `:authority` for HTTP/1.1).
 */
export class Http2Request extends Http2ServerRequest {
  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    options: ReadableOptions,
    rawHeaders: readonly string[],
  ) {
    const authority = headers[':authority']
    const lacksHost = typeof authority === 'string' && headers.host === undefined
    if (lacksHost) headers.host = authority
    super(stream, headers, options, lacksHost ? [...rawHeaders, 'host', authority] : rawHeaders)
    Object.defineProperties(this, requestMembers)
  }
}

export class Http2Response extends Http2ServerResponse<Http2Request> {
  constructor(stream: ServerHttp2Stream) {
    super(stream)
    Object.defineProperties(this, responseMembers)
  }
}

/**
 * Express, also as the listener of an `http.Server`, gives requests and responses another prototype, one of HTTP/1.1, and an
 * exchange over HTTP/2 would lose its members and end the process. So each has them as its own.
 */
const requestMembers = membersOf(Http2ServerRequest.prototype)
const responseMembers = membersOf(Http2ServerResponse.prototype)

function membersOf(prototype: object): PropertyDescriptorMap {
  const { constructor: _, ...members } = Object.getOwnPropertyDescriptors(prototype) as PropertyDescriptorMap
  return members
}

/** The stream of an exchange over HTTP/2; `null` over HTTP/1. By the version, since the prototype may have been exchanged. */
export function http2StreamOf(request: IncomingMessage): ServerHttp2Stream | null {
  return request.httpVersionMajor === 2 ? (request as unknown as Http2Request).stream : null
}
