import type { Socket } from 'node:net'
import tls, { type TLSSocket } from 'node:tls'
import type { Logger } from '../platform/logger.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import { tlsServerOptions } from '../tls/secure-context-options.ts'

/** Ends TLS on connections that are handed in, by one snapshot of settings at a time. */
export interface TlsFront {
  accept(socket: Socket): void
  /** Builds what a new snapshot needs, without using it yet. Throws what OpenSSL says against it. */
  prepare(tls: PlannedTls): StagedTls
}

/** A snapshot that only waits to be put to use. */
export interface StagedTls {
  /** From now on, new connections meet it. Those that are open, or in their handshake, keep what they met. */
  commit(): void
}

/**
 * A new snapshot gets a TLS server of its own, and the ones before it live as long as they have connections. So everything
 * takes effect at a reload, client authentication and ALPN among it: `server.setSecureContext()` changes the context alone, and
 * resets whatever it is not given.
 */
export function createTlsFront({
  tls: first,
  log,
  onSecured,
}: {
  tls: PlannedTls
  log: Logger
  onSecured: (socket: TLSSocket) => void
}): TlsFront {
  const create = (settings: PlannedTls): tls.Server => {
    const server = tls.createServer(tlsServerOptions(settings), onSecured)
    server.on('tlsClientError', (error, socket) => {
      log.debug('handshake failed', { client: socket.remoteAddress, reason: error.message })
      // As `https.Server` does, or a client that is too slow would keep its connection.
      socket.destroy()
    })
    return server
  }
  let current = create(first)
  return {
    // A TLS server that listens gets its connections by the same event.
    accept: (socket) => void current.emit('connection', socket),
    prepare(settings) {
      const next = create(settings)
      return {
        commit() {
          current = next
        },
      }
    },
  }
}
