import type { Socket } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import type { Logger } from '../../log/logger.ts'
import type { ServedProtocol } from '../../plan/launch-plan.ts'
import type { SecretLineFile } from '../../platform/files/secret-line-file.ts'
import { nodeTls } from '../../platform/node/node-tls.ts'
import { tlsServerOptions } from '../../tls/context/server-context.ts'
import type { PlannedTls } from '../../tls/planned-tls.ts'
import { issuerMemory } from './client-issuers.ts'
import { closeAfterAlert } from './close-after-alert.ts'
import { peekClientHello } from './peek-client-hello.ts'
import { guardPeerCertificate } from './peer-certificate-guard.ts'
import type { PlainHttpAnswer } from './plain-http-answer.ts'
import { reasonInWords } from './refusal-reasons.ts'
import { type RefusedClient, watchRefusedClients } from './refused-clients.ts'

/** Ends TLS on connections that are handed in, by one snapshot of settings at a time. */
export interface TlsFront {
  accept(socket: Socket): void
  /** Builds what a new snapshot needs, without using it yet. Throws what OpenSSL says against it. */
  prepare(tls: PlannedTls): StagedTls
}

/** A snapshot that only waits to be put to use. */
export interface StagedTls {
  /** From now on, new connections meet it. Those that are open, or in their handshake, keep what they met; `onTrustChanged` says when they should end. */
  commit(): void
}

/**
 * A new snapshot gets a TLS server of its own, and the ones before it live as long as they have connections. So everything
 * takes effect at a reload, client authentication and ALPN among it: `server.setSecureContext()` changes the context alone, and
 * resets whatever it is not given.
 *
 * Each connection is passed on with its protocol, which is `null` when the client named none. A client that names only others gets
 * the alert `no_application_protocol` (RFC 7301 section 3.2). One TLS server before two HTTP servers, and not
 * `http2.createSecureServer({ allowHTTP1: true })`: there, Node 22 does not look at the timeouts of HTTP/1.1.
 */
export function createTlsFront({
  tls: first,
  protocols,
  keylog,
  log,
  showClient,
  plainHttp,
  onSecured,
  onFailed,
  onTrustChanged,
  onRefused,
}: {
  tls: PlannedTls
  /** `null`: no secret is asked of OpenSSL. */
  keylog: SecretLineFile | null
  protocols: readonly ServedProtocol[]
  log: Logger
  /** Makes the TLS socket show the client that a PROXY header has named; `null`: the connection shows it. */
  showClient: ((socket: TLSSocket) => void) | null
  plainHttp: PlainHttpAnswer
  /** `isRetired`: its client was judged by settings that were replaced meanwhile. */
  onSecured: (
    socket: TLSSocket,
    { protocol, isRetired }: { protocol: ServedProtocol | null; isRetired: boolean },
  ) => void
  /** Clients are judged in another way from now on: connections that are open were judged in the old one. */
  onTrustChanged: () => void
  /** A handshake has failed. The connection is closed afterwards. */
  onFailed: (error: Error, socket: TLSSocket) => void
  /** A client was refused for its certificate. */
  onRefused: (client: RefusedClient) => void
}): TlsFront {
  let trust = trustOf(first)
  const create = (settings: PlannedTls): Server => {
    const ownTrust = trustOf(settings)
    const rememberIssuers = issuerMemory(settings.ca)
    const server = nodeTls().createServer(
      { ...tlsServerOptions(settings), ALPNProtocols: [...protocols] },
      (socket) => {
        showClient?.(socket)
        if (settings.clientAuth !== 'none') {
          guardPeerCertificate(socket)
          rememberIssuers(socket)
        }
        onSecured(socket, {
          protocol: (socket.alpnProtocol || null) as ServedProtocol | null,
          isRetired: ownTrust !== trust,
        })
      },
    )
    const refusedBy = settings.clientAuth === 'require' ? watchRefusedClients(server) : null
    server.on('tlsClientError', (error, socket) => {
      showClient?.(socket)
      const refused = refusedBy?.(socket) ?? null
      log.debug('handshake failed', {
        client: socket.remoteAddress,
        reason: refused
          ? `the client certificate was refused: ${reasonInWords(refused.reason)}`
          : error.message,
      })
      if (refused) onRefused(refused)
      plainHttp.answer(error, socket)
      onFailed(error, socket)
      closeAfterAlert(socket)
    })
    if (keylog) server.on('keylog', (line) => keylog.write(line))
    return server
  }
  let current = create(first)
  let peeks = peekTimeout(first)
  return {
    accept(socket) {
      // A TLS server that listens gets its connections by the same event.
      const begin = (): void => plainHttp.watch(socket, () => current.emit('connection', socket))
      if (peeks === null) begin()
      else peekClientHello(socket, { handshakeTimeoutMs: peeks, begin })
    },
    prepare(settings) {
      const next = create(settings)
      return {
        commit() {
          current = next
          const before = trust
          trust = trustOf(settings)
          if (trust !== before) onTrustChanged()
          peeks = peekTimeout(settings)
        },
      }
    },
  }
}

/** What decides which clients are served: the same text, the same decision. */
function trustOf({ ca, crl, clientAuth }: PlannedTls): string {
  return JSON.stringify([ca, crl, clientAuth])
}

/** Only a host of SNI with several chains has to know what a client offers; for the default host OpenSSL chooses itself. */
function peekTimeout({ sni, handshakeTimeoutMs }: PlannedTls): number | null {
  return sni.some(({ chains }) => chains.length > 1) ? handshakeTimeoutMs : null
}
