import type { ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { http } from '../../platform/node/node-http.ts'
import { nodeHttp2 } from '../../platform/node/node-http2.ts'
import { http2StreamOf } from '../http2/http2-exchange.ts'

/** Cuts a response that has begun, so that the client does not mistake it for a complete one. */
export function breakOff(response: ServerResponse): void {
  const stream = http2StreamOf(response)
  if (stream) closeHttp2(stream)
  else destroyHttp1(response)
}

/** Node notifies the request, which an app may have made unusable for that. */
function closeHttp2(stream: ServerHttp2Stream): void {
  try {
    stream.close(nodeHttp2().constants.NGHTTP2_INTERNAL_ERROR)
  } catch {
    stream.destroy()
  }
}

/** An app may have a `destroy()` of its own, or have frozen the response, which Node then can't change. */
function destroyHttp1(response: ServerResponse): void {
  const { socket } = response
  try {
    http.ServerResponse.prototype.destroy.call(response)
  } catch {
    // Unless the app has put something else in its place: then the connection ends with its client, or its time.
    if (typeof socket?.destroy === 'function') socket.destroy()
  }
}
