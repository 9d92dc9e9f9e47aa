import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2Server } from 'node:http2'
import { nodeHttp2 } from '../../platform/node/node-http2.ts'
import { http2StreamOf } from '../http2/http2-exchange.ts'
import { http2FactsOf } from '../http2/http2-facts.ts'
import { refuseRequest } from '../request/refuse-request.ts'
import type { HandleRequest } from '../request/request-handler.ts'
import type { ServerParts } from '../server-parts.ts'
import { isPassableProtocol } from './upgrade-protocol.ts'

/**
 * Hands streams of HTTP/2 over to the app that leave HTTP: extended CONNECT (RFC 8441). They meet the same checks as requests. CONNECT without a
 * protocol is for forward proxies, and refused; so is a protocol that only the launcher could speak. Node refuses all of them if the app takes none.
 */
export function takeExtendedConnects(
  http2: Http2Server,
  { app, webSockets }: ServerParts,
  onRequest: HandleRequest,
): void {
  const { extendedConnect } = app
  if (!extendedConnect) return
  http2.on(
    'connect' as never,
    ((request: IncomingMessage, response: ServerResponse) => {
      const stream = http2StreamOf(request)
      // The client may never end its half, and then the stream would stay open.
      stream?.once('finish', () => stream.close(nodeHttp2().constants.NGHTTP2_NO_ERROR))
      onRequest(request, response, stream, () => {
        const protocol = http2FactsOf(request)?.protocol ?? null
        if (protocol === null) return refuseRequest(response, { status: 405 })
        if (!isPassableProtocol(protocol)) return refuseRequest(response, { status: 501 })
        if (protocol.toLowerCase() === 'websocket') webSockets.addOverHttp2(response)
        return extendedConnect(request, response, protocol)
      })
    }) as never,
  )
}
