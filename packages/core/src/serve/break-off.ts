import type { IncomingMessage, ServerResponse } from 'node:http'
import { nodeHttp2 } from '../platform/node-http2.ts'
import { http2StreamOf } from './http2-exchange.ts'

/** Breaks off a response that has begun, so that the client does not take it for a complete one. */
export function breakOff(request: IncomingMessage, response: ServerResponse): void {
  const stream = http2StreamOf(request)
  if (stream) stream.close(nodeHttp2().constants.NGHTTP2_INTERNAL_ERROR)
  else response.destroy()
}
