import tls, { type TLSSocket } from 'node:tls'
import type { LaunchPlan, ServedProtocol } from '../plan/launch-plan.ts'
import type { Logger } from '../platform/logger.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import { tlsServerOptions } from '../tls/secure-context-options.ts'
import { answerPlainHttp } from './answer-plain-http.ts'

/**
 * Ends TLS on the connections that are handed to it (by emitting `'connection'`), and passes each on with its protocol, which is
 * `null` when the client named none. A client that names only others gets the alert `no_application_protocol` (RFC 7301 section
 * 3.2). One TLS server before two HTTP servers, and not `http2.createSecureServer({ allowHTTP1: true })`: there, Node 22 does
 * not look at the timeouts of HTTP/1.1.
 */
export function createTlsServer({
  plan,
  context,
  log,
  onSecured,
}: {
  plan: LaunchPlan
  context: PlannedTls
  log: Logger
  onSecured: (socket: TLSSocket, protocol: ServedProtocol | null) => void
}): tls.Server {
  const server = tls.createServer(
    { ...tlsServerOptions(context), ALPNProtocols: [...plan.https.protocols] },
    (socket) => onSecured(socket, (socket.alpnProtocol || null) as ServedProtocol | null),
  )
  server.on('tlsClientError', (error, socket) =>
    log.debug('handshake failed', { client: socket.remoteAddress, reason: error.message }),
  )
  answerPlainHttp(server)
  return server
}
