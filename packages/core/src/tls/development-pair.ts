import { createPrivateKey, X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { userDataFolder } from '../platform/user-data-folder.ts'
import type { PlannedChain } from './planned-tls.ts'
import { leafFacts } from './read-chain.ts'

/** The self-signed pair for development, made on first use, for this machine and the hosts that are bound. */
export async function developmentPair({ bind, host }: ResolvedOptions): Promise<PlannedChain> {
  const bound = bind.value?.flatMap((address) => (address.kind === 'tcp' ? [address.host] : [])) ?? [
    host.value,
  ]
  // Addresses that mean "every interface" are no names of a host.
  const hosts = bound.filter((name) => name !== '0.0.0.0' && name !== '::')
  const directory = join(userDataFolder(), 'development')
  // Loaded when it is needed: only development makes certificates.
  const { readOrCreateDevelopmentCertificate } = await import('@lockstep/certs')
  const { certPem, keyPem } = await readOrCreateDevelopmentCertificate({ directory, hosts })
  return {
    cert: certPem,
    key: keyPem,
    keyType: createPrivateKey(keyPem).asymmetricKeyType ?? 'unknown',
    leaf: leafFacts(new X509Certificate(certPem)),
  }
}
