import { isIP } from 'node:net'
import type { Fault } from '../../errors/launch-error.ts'
import type { SniHost } from '../../options/kinds/tls/sni-hosts.ts'
import type { Resolved, ResolvedOptions } from '../../options/resolve-options.ts'
import { hostsKeepDefaultChains } from '../../platform/system/host-chains.ts'
import { covers } from '../context/sni-callback.ts'
import type { PlannedChain, PlannedHost } from '../planned-tls.ts'
import { type ReadChains, readChains } from './read-chains.ts'
import { passphraseSources, type ReadPassphrase, readPassphrase } from './read-passphrase.ts'
import { pemMaterial } from './read-pem.ts'

/** What was read for one host of SNI. */
export interface ReadHost extends ReadChains {
  readonly planned: PlannedHost | null
  /** It has no passphrase of its own. */
  readonly sharesPassphrase: boolean
}

/** Reads the certificates of the hosts of SNI, each as carefully as that of the default host. */
export async function readHosts(
  { 'tls.sni': sni }: ResolvedOptions,
  context: { passphrase: ReadPassphrase; now: Date },
): Promise<readonly ReadHost[]> {
  return Promise.all((sni.value ?? []).map((host) => readHost({ value: host, source: sni.source }, context)))
}

async function readHost(
  { value: given, source }: Resolved<SniHost>,
  { passphrase: shared, now }: { passphrase: ReadPassphrase; now: Date },
): Promise<ReadHost> {
  const { host } = given
  const option = (name: string): string => `tls.sni["${host}"].${name}`
  const own = await readPassphrase(passphraseSources(given, { source, option }))
  const sharesPassphrase = own.source === ''
  const read = await readChains(
    {
      certs: pemMaterial(option('cert'), { value: given.cert, source }),
      keys: pemMaterial(option('key'), { value: given.key, source }),
      pfx: pemMaterial(option('pfx'), { value: given.pfx, source }),
    },
    { passphrase: sharesPassphrase ? shared : own, now },
  )
  const faults = [
    ...nameFaults(host, source.label),
    ...halfFaults(given, source.label),
    ...own.faults,
    ...read.faults,
    ...(read.value ?? []).flatMap((chain) => coverFaults(host, { chain, source: source.label })),
  ]
  return {
    ...read,
    faults,
    sharesPassphrase,
    planned: read.value && faults.length === 0 ? { host, chains: read.value } : null,
  }
}

/** Host names of letters, digits and hyphens (RFC 1123 section 2.1): SNI carries no IP address (RFC 6066 section 3). */
function nameFaults(host: string, source: string): Fault[] {
  const labels = host.replace(/^\*\./, '').split('.')
  const isName =
    host.length <= 253 &&
    labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label)) &&
    !(host.startsWith('*.') && labels.length < 2)
  if (isName && isIP(host) === 0) return []
  return [
    {
      code: 'LOCKSTEP_ERR_TLS_SNI_HOST',
      message: `"${host}" in tls.sni is not the name of a host that a client could ask for.`,
      hint: isIP(host)
        ? 'A client names no IP address; it gets the certificate of tls.cert, which may have addresses among its names.'
        : 'Such as shop.example.com, or *.example.com for one label instead of the star.',
      source,
    },
  ]
}

function halfFaults({ host, cert, key, pfx }: SniHost, source: string): Fault[] {
  const fault = (code: Fault['code'], message: string): Fault[] => [
    { code, message, hint: 'Each host has cert and key, or pfx.', source },
  ]
  if (pfx.length > 0)
    return cert.length + key.length > 0
      ? fault('LOCKSTEP_ERR_TLS_PFX_AND_CERT', `tls.sni["${host}"] has pfx beside a certificate or a key.`)
      : []
  if (key.length === 0)
    return fault('LOCKSTEP_ERR_TLS_CERT_WITHOUT_KEY', `tls.sni["${host}"] has no private key.`)
  return cert.length === 0
    ? fault('LOCKSTEP_ERR_TLS_KEY_WITHOUT_CERT', `tls.sni["${host}"] has no certificate.`)
    : []
}

function coverFaults(
  host: string,
  { chain: { leaf }, source }: { chain: PlannedChain; source: string },
): Fault[] {
  const covered = leaf.hosts.some(
    (name) => name.toLowerCase() === host || (!host.startsWith('*.') && covers(name.toLowerCase(), host)),
  )
  return covered
    ? []
    : [
        {
          code: 'LOCKSTEP_ERR_TLS_SNI_MISMATCH',
          message: `The certificate ${leaf.subject} of tls.sni["${host}"] is for ${leaf.hosts.join(', ') || 'no host at all'}, so that every client would refuse it.`,
          hint: 'Name the certificate of this host, or have one issued for it.',
          source,
        },
      ]
}

/** See `hostsKeepDefaultChains`. */
export function mixedKeyFaults(
  hosts: readonly PlannedHost[],
  {
    chains,
    source,
    keeps = hostsKeepDefaultChains,
  }: { chains: readonly PlannedChain[]; source: string; keeps?: boolean },
): Fault[] {
  if (!keeps) return []
  return hosts.flatMap(({ host, chains: own }) =>
    chains
      .filter(({ keyType }) => !own.some((chain) => chain.keyType === keyType))
      .map(({ keyType }) => ({
        code: 'LOCKSTEP_ERR_TLS_SNI_MIXED_KEYS',
        message: `tls.sni["${host}"] has no ${keyType} key, and the default certificate has: on Node ${process.versions.node} some clients of this host would be shown the default certificate (nodejs/node#54235).`,
        hint: 'Use Node 24 or later, or certificates with the same types of key.',
        source,
      })),
  )
}
