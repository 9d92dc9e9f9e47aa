import type { SecretLineFile } from '../platform/files/secret-line-file.ts'
import { isOwnProbe } from '../tls/context/own-probes.ts'
import type { HttpServers } from './serve-http.ts'
import type { ServerParts } from './server-parts.ts'
import { PlainHttpAnswer } from './tls/plain-http-answer.ts'
import type { RefusedClient } from './tls/refused-clients.ts'
import { createTlsFront, type TlsFront } from './tls/tls-front.ts'

/** Puts TLS before the HTTP servers; `null` when the plan has none. */
export function secureConnections(
  { plan, log, open, retired, served, tune }: ServerParts,
  {
    http: { serveHttp1, http2, events },
    keylog,
    onClientRefused,
  }: {
    http: HttpServers
    keylog: SecretLineFile | null
    onClientRefused: ((client: RefusedClient) => void) | undefined
  },
): TlsFront | null {
  if (!plan.tls) return null
  return createTlsFront({
    tls: plan.tls,
    protocols: plan.https.protocols,
    keylog,
    log,
    onRefused(client) {
      if (isOwnProbe(client.fingerprint256)) return
      served.refusedClients += 1
      onClientRefused?.(client)
    },
    plainHttp: new PlainHttpAnswer(open.connections, plan.addresses),
    onSecured(socket, { protocol, isRetired }) {
      tune?.(socket)
      // ALPN chooses it only where it is served.
      if (http2 && protocol === 'h2') http2.emit('connection', socket)
      else {
        open.addSecured(socket)
        serveHttp1(socket)
      }
      if (isRetired) retired.retire(socket, { isHttp2: protocol === 'h2' })
      events?.connected(socket, { isSecured: true })
    },
    onFailed: (error, socket) => events?.handshakeFailed(error, socket),
    onTrustChanged() {
      const connections = retired.retireAll()
      if (connections > 0)
        log.info('clients are judged in another way: earlier connections drain', { connections })
    },
  })
}
