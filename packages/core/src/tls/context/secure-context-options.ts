import type { SecureContextOptions } from 'node:tls'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import type { PlannedTls } from '../planned-tls.ts'

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
