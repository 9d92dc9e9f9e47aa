import { randomBytes } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { certificateSource } from './certificate-source.ts'
import { defaultCiphers, defaultCiphersuites } from './cipher-lists.ts'
import { developmentPair } from './development-pair.ts'
import type { PlannedTls } from './planned-tls.ts'
import { policyFaults } from './policy-faults.ts'
import { presenceFaults } from './presence-faults.ts'
import { readClientAuthority } from './read-client-authority.ts'
import { readPair, type TlsPair } from './read-pair.ts'
import { readPassphrase } from './read-passphrase.ts'
import { secureContextOptions } from './secure-context-options.ts'

/**
 * Reads and checks everything that TLS needs, so that a worker has only to use it. Node starts happily with a missing half,
 * an expired leaf, a key of another type or a CA that is none (measured); each of these is refused here.
 */
export async function planTls(
  options: ResolvedOptions,
  { now = new Date() }: { now?: Date } = {},
): Promise<{ tls: PlannedTls | null; faults: readonly Fault[]; warnings: readonly string[] }> {
  const faults = [...policyFaults(options), ...presenceFaults(options)]
  const source = certificateSource(options)
  switch (source.kind) {
    case 'none':
      return { tls: null, faults, warnings: [] }
    case 'local-authority': {
      if (faults.length > 0) return { ...compose(options, { pair: null, faults, now }), warnings: [] }
      const label = options['tls.selfSigned'].source.label
      const made = await developmentPair(source.hosts, { source: label, now })
      return {
        ...compose(options, { pair: made.value, faults: made.faults, now }),
        warnings: made.warnings,
      }
    }
    case 'files': {
      const passphrase = await readPassphrase(options)
      const pair = readPair(options, { passphrase, now })
      return {
        ...compose(options, {
          pair: pair.value,
          faults: [...faults, ...passphrase.faults, ...pair.faults],
          now,
        }),
        warnings: [],
      }
    }
  }
}

function compose(
  options: ResolvedOptions,
  { pair, faults: earlier, now }: { pair: TlsPair | null; faults: readonly Fault[]; now: Date },
): { tls: PlannedTls | null; faults: readonly Fault[] } {
  const ca = readClientAuthority(options, { now })
  const faults = [...earlier, ...ca.faults]
  if (!pair || faults.length > 0) return { tls: null, faults }
  const tls: PlannedTls = {
    ...pair,
    ca: ca.value,
    clientAuth: options['tls.clientAuth'].value,
    minVersion: options['tls.minVersion'].value,
    maxVersion: options['tls.maxVersion'].value,
    ciphers: options['tls.ciphers'].value ?? defaultCiphers,
    ciphersuites: options['tls.ciphersuites'].value ?? defaultCiphersuites,
    ticketKeys: randomBytes(48),
  }
  const refused = contextFaults(tls, options['tls.cert'].source.label)
  return { tls: refused.length === 0 ? tls : null, faults: refused }
}

/** What only OpenSSL itself can say, such as a key that is too weak for its security level. */
function contextFaults(tls: PlannedTls, source: string): Fault[] {
  try {
    createSecureContext(secureContextOptions(tls))
    return []
  } catch (cause) {
    return [
      {
        code: 'ERR_TLS_CONTEXT',
        message: `OpenSSL refuses the TLS settings: ${cause instanceof Error ? cause.message : String(cause)}.`,
        hint: 'A key below 2048 bits of RSA, or a signature by SHA-1, is refused by its security level.',
        source,
        cause,
      },
    ]
  }
}
