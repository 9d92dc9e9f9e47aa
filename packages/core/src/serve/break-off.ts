import type { IncomingMessage, ServerResponse } from 'node:http'
import { constants } from 'node:http2'
import { http2StreamOf } from './http2-exchange.ts'

/** Breaks off a response that has begun, so that the client does not take it for a complete one. */
export function breakOff(request: IncomingMessage, response: ServerResponse): void {
  const stream = http2StreamOf(request)
  if (stream) stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else response.destroy()
}
