import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2Server, ServerHttp2Stream, ServerOptions } from 'node:http2'
import type { ServedApp } from '../../app/served-app.ts'
import type { Logger } from '../../log/logger.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { keepNativeSession } from '../../platform/node/internals/keep-native-session.ts'
import { nodeHttp2 } from '../../platform/node/node-http2.ts'
import { http2Classes } from './http2-classes.ts'
import type { Http2Connections } from './http2-connections.ts'
import { limitControlFrames } from './limit-control-frames.ts'
import { limitRequestTime } from './limit-request-time.ts'

/** How many requests a client may have open on one connection; RFC 9113 section 6.5.2 asks for no less. */
const concurrentStreams = 100

/**
 * The HTTP/2 server of a plan, for connections on which TLS has ended and `h2` was negotiated. Like the one of HTTP/1.1 it never
 * listens. Its requests and responses have the interface of HTTP/1.1 (Node's compatibility API), and are handed over as such.
 */
export function createHttp2Server({
  plan: { limits, timeouts },
  app,
  log,
  connections,
  onRequest,
}: {
  plan: LaunchPlan
  app: ServedApp
  log: Logger
  connections: Http2Connections
  onRequest: (request: IncomingMessage, response: ServerResponse, stream: ServerHttp2Stream) => void
}): Http2Server {
  // An app may ask for no limit.
  const headerCount = Math.min(limits.headerCount, 65_536)
  const { adoptAdded, Http2Request, Http2Response, PinnedHttp2Request, PinnedHttp2Response } = http2Classes()
  const server = nodeHttp2().createServer({
    ...(app.isFetch
      ? { Http2ServerRequest: Http2Request, Http2ServerResponse: Http2Response }
      : { Http2ServerRequest: PinnedHttp2Request, Http2ServerResponse: PinnedHttp2Response }),
    settings: {
      maxConcurrentStreams: concurrentStreams,
      // What RFC 9113 section 6.5.2 counts: 32 bytes more for each field. It is announced to clients; the server counts itself.
      maxHeaderListSize: limits.headerBytes + 32 * headerCount,
      enableConnectProtocol: app.extendedConnect !== undefined,
    },
    // Room for those that get 431; above that, a few bytes of HPACK could expand to megabytes of headers (CVE-2016-6581).
    maxHeaderListPairs: 2 * headerCount + 8,
    // Requests that are cancelled at once never meet the limit of open ones (CVE-2023-44487), so these are limited too: twice
    // the open ones at a time, as in nginx. Floods of CONTINUATION frames (CVE-2024-28182), of unread answers, and of frames for which the server
    // resets a stream (CVE-2025-8671) are limited by nghttp2 itself.
    streamResetBurst: 2 * concurrentStreams,
    streamResetRate: 33,
    maxSettings: 32,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 100,
    // In megabytes: of one connection.
    maxSessionMemory: 10,
    // An app may send a field twice, as over HTTP/1.1.
    strictSingleValueFields: false,
  } as ServerOptions)
  server.on('sessionError', (error) => log.debug('HTTP/2 connection failed', { reason: error.message }))
  server.on('session', (session) => {
    keepNativeSession(session)
    adoptAdded()
    connections.add(session)
    limitControlFrames(session)
  })
  server.on('request', (request, http2Response) => {
    const response = http2Response as unknown as ServerResponse
    const { stream } = request
    limitRequestTime(stream, { response, requestMs: timeouts.requestMs })
    onRequest(request as unknown as IncomingMessage, response, stream)
  })
  return server
}
