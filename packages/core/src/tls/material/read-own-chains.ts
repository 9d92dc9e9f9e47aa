import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { CertificateSource } from './certificate-source.ts'
import { developmentPair } from './development-pair.ts'
import { pemMaterial } from './pem-material.ts'
import { type ReadChains, readChains } from './read-chains.ts'
import type { ReadPassphrase } from './read-passphrase.ts'

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
