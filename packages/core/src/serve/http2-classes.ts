import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { ReadableOptions } from 'node:stream'
import { nodeHttp2 } from '../platform/node-http2.ts'

type Request = typeof import('node:http2').Http2ServerRequest
type Response = typeof import('node:http2').Http2ServerResponse

export interface Http2Classes {
  readonly Http2Request: Request
  readonly PinnedHttp2Request: Request
  readonly PinnedHttp2Response: Response
}

/** The classes of the exchanges over HTTP/2. Made when they are needed, since those of Node that they extend are loaded only then. */
export function http2Classes(): Http2Classes {
  const { Http2ServerRequest, Http2ServerResponse } = nodeHttp2()
  const requestMembers = membersOf(Http2ServerRequest.prototype)
  const responseMembers = membersOf(Http2ServerResponse.prototype)

  /**
   * A request over HTTP/2 as an app knows it from HTTP/1.1. `Host` is there, whatever the client named the host with: an app looks
   * for it there (RFC 9113 section 8.3.1 has it copied from `:authority` for HTTP/1.1).
   */
  class Http2Request extends Http2ServerRequest {
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
  class PinnedHttp2Request extends Http2Request {
    constructor(...given: ConstructorParameters<typeof Http2Request>) {
      super(...given)
      Object.defineProperties(this, requestMembers)
    }
  }

  class PinnedHttp2Response<
    Of extends InstanceType<Request> = InstanceType<Request>,
  > extends Http2ServerResponse<Of> {
    constructor(stream: ServerHttp2Stream) {
      super(stream)
      Object.defineProperties(this, responseMembers)
    }
  }

  return { Http2Request, PinnedHttp2Request, PinnedHttp2Response }
}

function membersOf(prototype: object): PropertyDescriptorMap {
  const { constructor: _, ...members } = Object.getOwnPropertyDescriptors(prototype) as PropertyDescriptorMap
  return members
}
