import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { readOrCreateDevelopmentCertificate } from '@lockstep/certs'
import { userDataFolder } from '../platform/user-data-folder.ts'
import type { PlannedTls } from './planned-tls.ts'
import { leafFacts } from './read-chain.ts'

/** The self-signed pair for development, made on first use. Addresses that mean "every interface" are no names of a host. */
export async function developmentPair(
  hosts: readonly string[],
): Promise<Pick<PlannedTls, 'cert' | 'key' | 'leaf'>> {
  const named = hosts.filter((host) => host !== '0.0.0.0' && host !== '::')
  const { certPem, keyPem } = await readOrCreateDevelopmentCertificate({
    directory: join(userDataFolder(), 'development'),
    hosts: named,
  })
  return { cert: certPem, key: keyPem, leaf: leafFacts(new X509Certificate(certPem)) }
}
