import { duplexPair } from 'node:stream'
import { nodeTls } from '../../platform/node/node-tls.ts'
import { secureContextOptions } from '../context/server-context.ts'
import type { PlannedChain, PlannedTls, TlsVersion } from '../planned-tls.ts'

/** Far more than a handshake in memory takes on a machine that is busy. */
const deadlineMs = 10_000

/** What decides whether a handshake can succeed. */
export type TrialPolicy = Pick<PlannedTls, 'ciphers' | 'ciphersuites' | 'groups' | 'sigalgs'>

/**
 * Tries one handshake in memory, with a client that offers whatever the server takes. Returns what OpenSSL says against it, or
 * `null` when it succeeds. Nothing else shows it for certain: a curve, a list of ciphers and a version that each are fine may leave
 * nothing that both sides can use.
 */
export async function trialHandshake(
  tls: PlannedTls,
  { chain, version, policy }: { chain: PlannedChain; version: TlsVersion; policy: TrialPolicy },
): Promise<string | null> {
  const settings = {
    ...tls,
    ...policy,
    chains: [chain],
    ca: null,
    crl: null,
    minVersion: version,
    maxVersion: version,
  }
  const [near, far] = duplexPair()
  const result = Promise.withResolvers<string | null>()
  const fail = (error: Error): void => result.resolve(reasonOf(error))
  const { TLSSocket, connect, createSecureContext } = nodeTls()
  const server = new TLSSocket(far, {
    isServer: true,
    secureContext: createSecureContext(secureContextOptions(settings)),
  })
  server.on('error', fail)
  // No tickets are written, because they are not read.
  server.on('secure', () => result.resolve(null))
  const client = connect({
    socket: near,
    rejectUnauthorized: false,
    minVersion: version,
    maxVersion: version,
    ...clientOffer(settings),
  })
  // The server's own words say more: a client mostly gets only an alert.
  client.on('error', (error) => setImmediate(fail, error))
  const timer = setTimeout(() => result.resolve('no end within 10 s'), deadlineMs)
  try {
    return await result.promise
  } finally {
    clearTimeout(timer)
    client.destroy()
    server.destroy()
  }
}

/** What a client offers that can use all that the server can. */
export function clientOffer({ ciphers, ciphersuites, groups, sigalgs }: TrialPolicy): {
  ciphers: string
  ecdhCurve: string
  sigalgs?: string
} {
  return {
    ciphers: `${ciphersuites}:${ciphers}`,
    ecdhCurve: groups,
    ...(sigalgs !== null && { sigalgs }),
  }
}

function reasonOf(error: Error): string {
  const { reason, code } = error as { reason?: string; code?: string }
  return reason ?? code ?? error.message
}
