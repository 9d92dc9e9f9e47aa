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
  }
}

/**
 * Requests and responses that have their members as their own. Express, also as the listener of an `http.Server`, gives both
 * another prototype, one of HTTP/1.1; an exchange over HTTP/2 would lose its members with the old one and end the process. It
 * takes about 15 µs for each exchange.
 */
export class PinnedHttp2Request extends Http2Request {
  constructor(...given: ConstructorParameters<typeof Http2Request>) {
    super(...given)
    Object.defineProperties(this, requestMembers)
  }
}

export class PinnedHttp2Response extends Http2ServerResponse<PinnedHttp2Request> {
  constructor(stream: ServerHttp2Stream) {
    super(stream)
    Object.defineProperties(this, responseMembers)
  }
}

const requestMembers = membersOf(Http2ServerRequest.prototype)
const responseMembers = membersOf(Http2ServerResponse.prototype)

function membersOf(prototype: object): PropertyDescriptorMap {
  const { constructor: _, ...members } = Object.getOwnPropertyDescriptors(prototype) as PropertyDescriptorMap
  return members
}

/** Whether a request over HTTP/2 names two hosts, which makes it malformed (RFC 9113 section 8.3.1): who checks one serves the other. */
export function namesTwoHosts({ headers, httpVersionMajor }: IncomingMessage): boolean {
  const authority = httpVersionMajor === 2 ? headers[':authority'] : undefined
  return typeof authority === 'string' && headers.host?.toLowerCase() !== authority.toLowerCase()
}

/** The stream of an exchange over HTTP/2; `null` over HTTP/1. By the version, since the prototype may have been exchanged. */
export function http2StreamOf(request: IncomingMessage): ServerHttp2Stream | null {
  return request.httpVersionMajor === 2 ? (request as unknown as Http2Request).stream : null
}
