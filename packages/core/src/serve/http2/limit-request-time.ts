import type { ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { nodeHttp2 } from '../../platform/node/node-http2.ts'
import { refuseRequest } from '../request/refuse-request.ts'

/**
 * Ends a request over HTTP/2 whose body takes too long: with 408 if nothing was answered yet. Over HTTP/1 Node does it
 * (`requestTimeout`), but not over HTTP/2.
 */
export function limitRequestTime(
  stream: ServerHttp2Stream,
  { response, requestMs }: { response: ServerResponse; requestMs: number },
): void {
  if (stream.endAfterHeaders || requestMs === 0) return
  const timer = setTimeout(() => {
    // All of it has come, and it is the app that has not read it.
    if (stream.state.state === nodeHttp2().constants.NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE) return
    if (response.headersSent) stream.close(nodeHttp2().constants.NGHTTP2_CANCEL)
    else {
      stream.once('finish', () => stream.close(nodeHttp2().constants.NGHTTP2_NO_ERROR))
      refuseRequest(response, { status: 408 })
    }
  }, requestMs)
  stream.once('close', () => clearTimeout(timer))
}
