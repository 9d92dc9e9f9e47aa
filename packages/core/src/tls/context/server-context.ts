import type { SecureContext, SecureContextOptions, TlsOptions } from 'node:tls'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import { nodeTls } from '../../platform/node/node-tls.ts'
import type { PlannedChain, PlannedTls } from '../planned-tls.ts'
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

/**
 * The full set for a TLS context. Always the full set: `server.setSecureContext()` resets to Node's defaults whatever it is
 * not given, the version floor among it.
 */
export function secureContextOptions(tls: PlannedTls): SecureContextOptions {
  return {
    cert: tls.chains.map(({ cert }) => cert),
    key: tls.chains.map(({ key }) => key),
    ...(tls.ca !== null && { ca: tls.ca }),
    ...(tls.crl !== null && { crl: [...tls.crl] }),
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    ciphers: `${tls.ciphersuites}:${tls.ciphers}`,
    ecdhCurve: tls.groups,
    ...(tls.sigalgs !== null && { sigalgs: tls.sigalgs }),
    ...(tls.dhparam !== null && { dhparam: tls.dhparam }),
    honorCipherOrder: true,
    sessionTimeout: tls.sessionTimeoutMs / 1_000,
    secureOptions: secureOptions(tls),
    ticketKeys: Buffer.from(tls.ticketKeys),
    // Tickets are taken across processes only when the context has the same name there.
    sessionIdContext: 'lockstep',
  } as SecureContextOptions
}

/** Node grants a client three renegotiations in ten minutes, each as costly as a handshake; TLS 1.3 has none (RFC 9325 section 3.5). */
function secureOptions({ sessionTickets }: PlannedTls): number {
  return (
    nodeCrypto().constants.SSL_OP_NO_RENEGOTIATION |
    (sessionTickets ? 0 : nodeCrypto().constants.SSL_OP_NO_TICKET)
  )
}

/** Not kept by this: a process that only plans, as the primary of a cluster does, has no use for them afterwards. */
const built = new WeakMap<PlannedTls, Map<PlannedChain, WeakRef<SecureContext>>>()

/**
 * The context of one chain of a host. Building it takes a fifth of a millisecond, so the code that has checked the settings passes it to the server by
 * them, when both are in one process. Throws what OpenSSL says against it.
 */
export function hostContext(tls: PlannedTls, chain: PlannedChain): SecureContext {
  const contexts = built.get(tls) ?? new Map<PlannedChain, WeakRef<SecureContext>>()
  built.set(tls, contexts)
  const before = contexts.get(chain)?.deref()
  if (before) return before
  const context = nodeTls().createSecureContext(secureContextOptions({ ...tls, chains: [chain] }))
  contexts.set(chain, new WeakRef(context))
  return context
}
