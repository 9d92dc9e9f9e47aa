import type { SecureContextOptions, TlsOptions } from 'node:tls'
import type { PlannedTls } from './planned-tls.ts'

/**
 * The full set for a TLS context. Always the full set: `server.setSecureContext()` resets to Node's defaults whatever it is
 * not given, the version floor among it.
 */
export function secureContextOptions(tls: PlannedTls): SecureContextOptions {
  return {
    cert: tls.cert,
    key: tls.key,
    ...(tls.ca !== null && { ca: tls.ca }),
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    ciphers: `${tls.ciphersuites}:${tls.ciphers}`,
    honorCipherOrder: true,
    ticketKeys: Buffer.from(tls.ticketKeys),
    // Tickets are taken across processes only when the context has the same name there.
    sessionIdContext: 'lockstep',
  } as SecureContextOptions
}

/** The context with what belongs to the server as a whole. */
export function tlsServerOptions(tls: PlannedTls): TlsOptions {
  return {
    ...secureContextOptions(tls),
    requestCert: tls.clientAuth !== 'none',
    rejectUnauthorized: tls.clientAuth === 'require',
    ALPNProtocols: ['http/1.1'],
    // Node's default is two minutes, long enough to be a cheap attack.
    handshakeTimeout: 10_000,
  }
}
