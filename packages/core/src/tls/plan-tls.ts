import { randomBytes } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { certificateSource } from './certificate-source.ts'
import { developmentPair } from './development-pair.ts'
import { effectivePolicy } from './effective-policy.ts'
import { unusableChainFaults } from './negotiation-faults.ts'
import { pemMaterial } from './pem-material.ts'
import type { PlannedChain, PlannedTls } from './planned-tls.ts'
import { policyFaults } from './policy-faults.ts'
import { presenceFaults } from './presence-faults.ts'
import { type ReadChains, readChains } from './read-chains.ts'
import { readClientAuthority } from './read-client-authority.ts'
import { readFiniteField } from './read-dh-parameters.ts'
import { type ReadPassphrase, readPassphrase } from './read-passphrase.ts'
import { readRevocationLists } from './read-revocation-lists.ts'
import { secureContextOptions } from './secure-context-options.ts'
import { tlsWarnings } from './tls-warnings.ts'

export interface TlsPlan {
  /** `null`: plain HTTP, or there are faults. */
  readonly tls: PlannedTls | null
  readonly faults: readonly Fault[]
  /** What is allowed and yet unwise. */
  readonly warnings: readonly string[]
}

/**
 * Reads and checks everything that TLS needs, so that a worker has only to use it. Node starts happily with a missing half,
 * an expired leaf, a key of another type or a CA that is none (measured); each of these is refused here.
 */
export async function planTls(
  options: ResolvedOptions,
  { now = new Date() }: { now?: Date } = {},
): Promise<TlsPlan> {
  const faults = [...policyFaults(options), ...presenceFaults(options)]
  const source = certificateSource(options)
  switch (source.kind) {
    case 'none':
      return { tls: null, faults, warnings: [] }
    case 'local-authority': {
      if (faults.length > 0) return compose(options, { chains: null, faults, now })
      const label = options['tls.selfSigned'].source.label
      const made = await developmentPair(source.hosts, { source: label, now })
      const chains = made.value && [made.value]
      const plan = await compose(options, { chains, faults: made.faults, now })
      return { ...plan, warnings: [...plan.warnings, ...made.warnings] }
    }
    case 'files': {
      const passphrase = await readPassphrase(options)
      const own = readChains(materialOf(options), { passphrase, now })
      const all = [...faults, ...passphrase.faults, ...own.faults, ...unusedPassphrase(passphrase, own)]
      return compose(options, { chains: own.value, faults: all, now })
    }
  }
}

function materialOf({
  'tls.cert': cert,
  'tls.key': key,
  'tls.pfx': pfx,
}: ResolvedOptions): Parameters<typeof readChains>[0] {
  return pfx.value === null
    ? { certs: pemMaterial('tls.cert', cert), keys: pemMaterial('tls.key', key), pfx: [] }
    : { certs: [], keys: [], pfx: pemMaterial('tls.pfx', pfx) }
}

async function compose(
  options: ResolvedOptions,
  {
    chains,
    faults: earlier,
    now,
  }: { chains: readonly PlannedChain[] | null; faults: readonly Fault[]; now: Date },
): Promise<TlsPlan> {
  const ca = readClientAuthority(options, { now })
  const crl = await readRevocationLists(options, { ca: ca.value, now })
  const policy = effectivePolicy(options)
  const dhparam = readFiniteField(options, { policy, chains })
  const faults = [
    ...earlier,
    ...ca.faults,
    ...crl.faults,
    ...dhparam.faults,
    ...(chains ? unusableChainFaults(options, chains) : []),
  ]
  const [first] = chains ?? []
  const warnings = tlsWarnings(options)
  if (!chains || !first || faults.length > 0) return { tls: null, faults, warnings }
  const tls: PlannedTls = {
    chains,
    leaf: first.leaf,
    ca: ca.value,
    crl: crl.value,
    clientAuth: options['tls.clientAuth'].value,
    ...policy,
    dhparam: dhparam.value,
    handshakeTimeoutMs: options['tls.handshakeTimeout'].value,
    ticketKeys: randomBytes(48),
  }
  const refused = contextFaults(tls, options['tls.cert'].source.label)
  return { tls: refused.length === 0 ? tls : null, faults: refused, warnings }
}

function unusedPassphrase(
  { passphrase, source }: ReadPassphrase,
  { openKeys, passphraseUsed }: ReadChains,
): Fault[] {
  if (passphrase === null || passphraseUsed || openKeys.length === 0) return []
  return [
    {
      code: 'ERR_TLS_PASSPHRASE_UNUSED',
      message: `${source} gives a passphrase, but ${openKeys.join(' and ')} ${openKeys.length === 1 ? 'is' : 'are'} not encrypted.`,
      hint: 'Leave the passphrase out, or name the encrypted key.',
      source,
    },
  ]
}

/** What only OpenSSL itself can say, such as a signature that is too weak for its security level. */
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
