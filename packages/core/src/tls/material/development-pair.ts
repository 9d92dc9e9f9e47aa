import { join } from 'node:path'
import { asLaunchError } from '../../errors/as-launch-error.ts'
import { whyFileFails } from '../../errors/file-error.ts'
import { localAuthorityFolder } from '../../platform/accounts/local-authority-folder.ts'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import type { Finding } from '../finding.ts'
import { type PlannedChain, tlsVersions } from '../planned-tls.ts'
import { leafFacts } from './read-chain.ts'

/** The pair for development: a leaf of the local CA for this machine and the hosts that are bound, made on first use. */
export async function developmentPair(
  hosts: readonly string[],
  { source, now }: { source: string; now: Date },
): Promise<Finding<PlannedChain> & { readonly warnings: readonly string[]; readonly renewAt: Date | null }> {
  // Loaded when it is needed: only development makes certificates.
  const { readOrCreateLocalAuthority, readOrIssueLocalCertificate } = await import('@lockstep/certs')
  let folder: string
  try {
    folder = localAuthorityFolder()
  } catch (error) {
    const faults = asLaunchError(error).faults.map((fault) => ({ ...fault, source }))
    return { value: null, faults, warnings: [], renewAt: null }
  }
  try {
    const { authority, commonName, replaced } = await readOrCreateLocalAuthority({ folder, now })
    const { chainPem, keyPem, refusedHosts, renewAt } = await readOrIssueLocalCertificate({
      authority,
      folder: join(folder, 'leaves'),
      hosts,
      now,
    })
    return {
      value: {
        cert: chainPem,
        key: keyPem,
        keyType: nodeCrypto().createPrivateKey(keyPem).asymmetricKeyType ?? 'unknown',
        versions: tlsVersions,
        leaf: leafFacts(new (nodeCrypto().X509Certificate)(chainPem)),
      },
      faults: [],
      warnings: [
        ...(replaced === null ? [] : [replacedWarning({ replaced, commonName })]),
        ...(refusedHosts.length === 0 ? [] : [selfSignedWarning(refusedHosts)]),
      ],
      renewAt,
    }
  } catch (cause) {
    return {
      value: null,
      faults: [
        {
          code: 'LOCKSTEP_ERR_LOCAL_CA',
          message: `The local CA can't be kept in ${folder}: ${whyFileFails(cause)}.`,
          hint: 'Let this user write there (on Linux, XDG_DATA_HOME moves it), or set --tls-cert and --tls-key.',
          source,
          cause,
        },
      ],
      warnings: [],
      renewAt: null,
    }
  }
}

function replacedWarning({ replaced, commonName }: { replaced: string; commonName: string }): string {
  return `The local CA was replaced by a new one, ${commonName}, because ${replaced}. If you trusted the old one, run: lockstep cert trust`
}

function selfSignedWarning(hosts: readonly string[]): string {
  return `The certificate signs itself, because the local CA may only name private hosts, and ${hosts.join(', ')} may be public.`
}
