import type { IncomingMessage, ServerResponse } from 'node:http'
import { nodeHttp2 } from '../platform/node/node-http2.ts'
import { http2StreamOf } from '../serve/http2/http2-exchange.ts'

/**
 * Gets rid of the rest of a request that was answered before its end. Over HTTP/1.1 it is read, so that the answer is not lost with the connection (RFC 9112
 * section 9.6); the server limits its time. Over HTTP/2 the client is asked to send no more (RFC 9113 section 8.1).
 */
export function endUnreadRequest(request: IncomingMessage, response: ServerResponse): void {
  const stream = http2StreamOf(response)
  if (stream && !stream.destroyed) {
    const close = (): void => stream.close(nodeHttp2().constants.NGHTTP2_NO_ERROR)
    if (stream.writableFinished) close()
    else stream.once('finish', close)
  }
  request.resume()
}
