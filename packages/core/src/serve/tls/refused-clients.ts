import type { X509Certificate } from 'node:crypto'
import type { Server, TLSSocket } from 'node:tls'

/** A client whose certificate was not accepted. */
export interface RefusedClient {
  /** OpenSSL's name of the reason, such as `CERT_HAS_EXPIRED`. */
  readonly reason: string
  readonly subject: string
  readonly issuer: string
  /** Hexadecimal. */
  readonly serialNumber: string
  /** SHA-256 of the DER, as `AA:BB:…`. */
  readonly fingerprint256: string
  /** `null` where there is none, as on a UNIX domain socket. */
  readonly address: string | null
}

/**
 * Finds out which client a server has refused for its certificate. Node destroys the socket before any public event, and with it
 * the certificate, so this takes a detour that is a trick: the event `keylog` is the only one that hands out a socket in its handshake,
 * and the listener for `secure` that is put first there sees the certificate before Node judges it. The secrets that come with
 * the event are not looked at. If a later Node emits neither, a refused client is logged without its certificate.
 */
export function watchRefusedClients(server: Server): (socket: TLSSocket) => RefusedClient | null {
  const shown = new WeakMap<TLSSocket, X509Certificate | undefined>()
  server.on('keylog', (_line, socket) => {
    if (shown.has(socket)) return
    shown.set(socket, undefined)
    socket.prependOnceListener('secure', () => shown.set(socket, socket.getPeerX509Certificate()))
  })
  return (socket) => {
    const certificate = shown.get(socket)
    // Declared as an error, and a text with its code.
    const reason = socket.authorizationError as unknown as string | null | undefined
    if (!certificate || !reason) return null
    return {
      reason,
      subject: certificate.subject.replaceAll('\n', ', '),
      issuer: certificate.issuer.replaceAll('\n', ', '),
      serialNumber: certificate.serialNumber,
      fingerprint256: certificate.fingerprint256,
      address: socket.remoteAddress ?? null,
    }
  }
}
