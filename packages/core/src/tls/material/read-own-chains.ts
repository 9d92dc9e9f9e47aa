import type { ResolvedOptions } from '../../options/resolve-options.ts'
import { developmentPair } from './development-pair.ts'
import { type ReadChains, readChains } from './read-chains.ts'
import type { ReadPassphrase } from './read-passphrase.ts'
import { pemMaterial } from './read-pem.ts'

export interface OwnChains extends ReadChains {
  /** When the source has a new certificate; `null`: another program renews it, or none does. */
  readonly renewAt: Date | null
}

/** What the default host serves, from its source. */
export async function readOwnChains(
  options: ResolvedOptions,
  {
    source,
    passphrase,
    now,
  }: { source: Exclude<CertificateSource, { kind: 'none' }>; passphrase: ReadPassphrase; now: Date },
): Promise<OwnChains> {
  switch (source.kind) {
    case 'local-authority': {
      const label = options['tls.selfSigned'].source.label
      const { value, ...made } = await developmentPair(source.hosts, { source: label, now })
      return { ...nothingRead, ...made, value: value && [value] }
    }
    case 'files':
      return { ...(await readChains(materialOf(options), { passphrase, now })), renewAt: null }
  }
}

export const nothingRead: OwnChains = {
  value: null,
  faults: [],
  openKeys: [],
  passphraseUsed: false,
  warnings: [],
  renewAt: null,
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

/**
 * Where the certificate and its key come from. A further source, such as an ACME account, becomes a member here, and the
 * compiler then asks for its answer wherever the kinds are distinguished.
 */
export type CertificateSource =
  /** No TLS. */
  | { readonly kind: 'none' }
  /** What `tls.cert` and `tls.key`, or `tls.pfx`, name, which another program may renew. */
  | { readonly kind: 'files' }
  /** A leaf of the local CA, for development, which renews itself. `hosts` are those that are bound. */
  | { readonly kind: 'local-authority'; readonly hosts: readonly string[] }

/** Which source the options name. That they name one and not two is checked elsewhere (`presenceFaults`). */
export function certificateSource(options: ResolvedOptions): CertificateSource {
  const { 'tls.cert': cert, 'tls.key': key, 'tls.pfx': pfx, 'tls.selfSigned': selfSigned } = options
  if (selfSigned.value) return { kind: 'local-authority', hosts: boundHosts(options) }
  return { kind: [cert, key, pfx].every(({ value }) => value === null) ? 'none' : 'files' }
}

/** Without the addresses that mean "every interface", which are not names of a host. */
function boundHosts({ bind, host }: ResolvedOptions): string[] {
  const bound = bind.value?.flatMap((address) => (address.kind === 'tcp' ? [address.host] : [])) ?? [
    host.value,
  ]
  return bound.filter((name) => name !== '0.0.0.0' && name !== '::')
}
