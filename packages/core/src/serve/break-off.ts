import type { ServerResponse } from 'node:http'
import { http } from '../platform/node-http.ts'
import { nodeHttp2 } from '../platform/node-http2.ts'
import { http2StreamOf } from './http2/http2-exchange.ts'

/** Breaks off a response that has begun, so that the client does not take it for a complete one. */
export function breakOff(response: ServerResponse): void {
  const stream = http2StreamOf(response)
  if (stream) stream.close(nodeHttp2().constants.NGHTTP2_INTERNAL_ERROR)
  // An app may have a `destroy()` of its own.
  else http.ServerResponse.prototype.destroy.call(response)
}
