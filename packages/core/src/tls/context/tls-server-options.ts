import type { TlsOptions } from 'node:tls'
import type { PlannedTls } from '../planned-tls.ts'
import { hostContext } from './host-context.ts'
import { secureContextOptions } from './secure-context-options.ts'
import { sniCallback } from './sni-callback.ts'

/** The context with what belongs to the server as a whole. */
export function tlsServerOptions(tls: PlannedTls): TlsOptions {
  const sni = sniCallback(tls, (chain) => hostContext(tls, chain))
  return {
    ...secureContextOptions(tls),
    ...(sni && { SNICallback: sni }),
    requestCert: tls.clientAuth !== 'none',
    rejectUnauthorized: tls.clientAuth === 'require',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: tls.handshakeTimeoutMs,
  }
}
