import type { Fault } from '../errors/launch-error.ts'
import { messageOf } from '../errors/thrown.ts'
import type { LauncherBrand } from '../options/launcher-brand.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { nodeCrypto } from '../platform/node/node-crypto.ts'
import { nodeTls } from '../platform/node/node-tls.ts'
import { hostContext, secureContextOptions } from './context/server-context.ts'
import { endingFacts } from './ending-facts.ts'
import { expiringCertificates } from './expiring-certificates.ts'
import { presenceFaults } from './material/presence-faults.ts'
import type { ReadChains } from './material/read-chains.ts'
import { readClientAuthority } from './material/read-client-authority.ts'
import { readFiniteField } from './material/read-dh-parameters.ts'
import { mixedKeyFaults, readHosts } from './material/read-hosts.ts'
import { certificateSource, nothingRead, readOwnChains } from './material/read-own-chains.ts'
import { defaultPassphraseSources, type ReadPassphrase, readPassphrase } from './material/read-passphrase.ts'
import { readRevocationLists } from './material/read-revocation-lists.ts'
import type { EndingFacts, PlannedChain, PlannedHost, PlannedTls } from './planned-tls.ts'
import { effectivePolicy } from './policy/effective-policy.ts'
import { unusableChainFaults } from './policy/negotiation-faults.ts'
import { policyFaults } from './policy/policy-faults.ts'
import { type UsableVersions, usableVersions } from './policy/usable-versions.ts'
import { tlsWarnings } from './tls-warnings.ts'

export interface TlsPlan {
  /** `null`: plain HTTP, or there are faults. */
  readonly tls: PlannedTls | null
  readonly faults: readonly Fault[]
  /** What is allowed and yet unwise. */
  readonly warnings: readonly string[]
  /** The certificates and lists that end soon. */
  readonly expiring: readonly EndingFacts[]
  /** When its source has a new certificate; `null`: another program renews it, or none does. */
  readonly renewAt: Date | null
}

/**
 * Reads and checks everything that TLS needs, so that a worker has only to use it. Node starts happily with a missing half,
 * an expired leaf, a key of another type or a CA that is not one (measured); each of these is refused here.
 */
export async function planTls(
  options: ResolvedOptions,
  { now, served = null, brand }: { now: Date; served?: PlannedTls | null; brand?: LauncherBrand | undefined },
): Promise<TlsPlan> {
  const faults = [...policyFaults(options), ...presenceFaults(options, { brand })]
  const source = certificateSource(options)
  if (source.kind === 'none') return { tls: null, faults, warnings: [], expiring: [], renewAt: null }
  const passphrase = await readPassphrase(defaultPassphraseSources(options))
  const own =
    source.kind === 'local-authority' && faults.length > 0
      ? nothingRead
      : await readOwnChains(options, { source, passphrase, now })
  const hosts = await readHosts(options, { passphrase, now })
  const sharing = [
    ...(source.kind === 'files' ? [own] : []),
    ...hosts.filter((host) => host.sharesPassphrase),
  ]
  return compose(options, {
    chains: own.value,
    sni: hosts.flatMap(({ planned }) => planned ?? []),
    warnings: [own, ...hosts].flatMap((read) => read.warnings),
    renewAt: own.renewAt,
    faults: [
      ...faults,
      ...passphrase.faults,
      ...[own, ...hosts].flatMap((read) => read.faults),
      ...unusedPassphrase(passphrase, sharing),
    ],
    now,
    served,
    brand,
  })
}

async function compose(
  options: ResolvedOptions,
  {
    chains,
    sni,
    faults: earlier,
    warnings: fromReading,
    renewAt,
    now,
    served,
    brand,
  }: {
    chains: readonly PlannedChain[] | null
    sni: readonly PlannedHost[]
    faults: readonly Fault[]
    warnings: readonly string[]
    renewAt: Date | null
    now: Date
    served: PlannedTls | null
    brand: LauncherBrand | undefined
  },
): Promise<TlsPlan> {
  const ca = readClientAuthority(options, { now, served, brand })
  const crl = await readRevocationLists(options, { authority: ca, served, now })
  const policy = effectivePolicy(options)
  const all = [...(chains ?? []), ...sni.flatMap((host) => host.chains)]
  const dhparam = await readFiniteField(options, { policy, chains: chains && all })
  const faults = [
    ...earlier,
    ...ca.faults,
    ...crl.faults,
    ...dhparam.faults,
    ...unusableChainFaults(options, all),
    ...mixedKeyFaults(sni, { chains: chains ?? [], source: options['tls.sni'].source.label }),
  ]
  const [first] = chains ?? []
  const ending = endingFacts({ chains: all, authorities: ca.certificates, lists: crl.lists, now })
  const expiryWarningDays = options['tls.expiryWarningDays'].value
  const rest = {
    warnings: [...tlsWarnings(options, all), ...fromReading, ...ca.warnings, ...crl.warnings],
    expiring: expiringCertificates({ chains: chains ?? [], sni, ending, expiryWarningDays }, now),
    renewAt,
  }
  if (!chains || !first || faults.length > 0) return { tls: null, faults, ...rest }
  const tls: PlannedTls = {
    chains,
    sni,
    unknownHost: options['tls.unknownHost'].value,
    ending,
    leaf: first.leaf,
    ca: ca.value,
    crl: crl.value,
    clientAuth: options['tls.clientAuth'].value,
    ...policy,
    dhparam: dhparam.value,
    sessionTickets: options['tls.sessionTickets'].value,
    sessionTimeoutMs: options['tls.sessionTimeout'].value,
    handshakeTimeoutMs: options['tls.handshakeTimeout'].value,
    expiryWarningDays,
    ticketKeys: nodeCrypto().randomBytes(48),
  }
  const refused = contextFaults(tls, options['tls.cert'].source.label)
  if (refused.length > 0) return { tls: null, faults: refused, ...rest }
  const usable = await usableVersions(tls, options)
  return {
    tls: usable.faults.length === 0 ? withVersions(tls, usable) : null,
    faults: usable.faults,
    ...rest,
    warnings: [...rest.warnings, ...usable.warnings],
  }
}

function withVersions(tls: PlannedTls, { versionsOf }: UsableVersions): PlannedTls {
  const known = (chains: readonly PlannedChain[]): PlannedChain[] =>
    chains.map((chain) => ({ ...chain, versions: versionsOf.get(chain) ?? chain.versions }))
  return {
    ...tls,
    chains: known(tls.chains),
    sni: tls.sni.map((host) => ({ ...host, chains: known(host.chains) })),
  }
}

/** Only what was opened without it shows that it is of no use. */
function unusedPassphrase({ passphrase, source }: ReadPassphrase, reads: readonly ReadChains[]): Fault[] {
  const openKeys = reads.flatMap((read) => read.openKeys)
  if (passphrase === null || openKeys.length === 0 || reads.some((read) => read.passphraseUsed)) return []
  return [
    {
      code: 'LOCKSTEP_ERR_TLS_PASSPHRASE_UNUSED',
      message: `${source} sets a passphrase, but ${openKeys.join(' and ')} ${openKeys.length === 1 ? 'is' : 'are'} not encrypted.`,
      hint: 'Leave the passphrase out, or name the encrypted key.',
      source,
    },
  ]
}

/** What only OpenSSL itself can say, such as a signature that is too weak for its security level. */
function contextFaults(tls: PlannedTls, source: string): Fault[] {
  try {
    nodeTls().createSecureContext(secureContextOptions(tls))
    for (const { chains } of tls.sni) for (const chain of chains) hostContext(tls, chain)
    return []
  } catch (cause) {
    return [
      {
        code: 'LOCKSTEP_ERR_TLS_CONTEXT',
        message: `OpenSSL refuses the TLS settings: ${messageOf(cause)}.`,
        hint: 'A key below 2048 bits of RSA, or a signature by SHA-1, is refused by its security level.',
        source,
        cause,
      },
    ]
  }
}
