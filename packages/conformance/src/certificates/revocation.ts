import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createAuthority,
  type IssuedCertificate,
  issueCertificate,
  issueRevocationList,
} from '@lockstep/certs'

const dayMs = 86_400_000

/** A CA for clients that has revoked one of its two certificates, with lists of several kinds. */
export interface RevocationFiles {
  readonly ca: string
  /** A CA that has issued nothing to these clients, and of which `foreign` is the list. */
  readonly strangerCa: string
  readonly good: IssuedCertificate
  readonly revoked: IssuedCertificate
  /** Names the revoked one. */
  readonly list: string
  /** From before that: names no client. */
  readonly earlier: string
  /** Should have been replaced yesterday. */
  readonly stale: string
  /** Of a CA that the server does not trust. */
  readonly foreign: string
}

export async function createRevocationFiles(folder: string): Promise<RevocationFiles> {
  const authority = await createAuthority({ commonName: 'clients that may be revoked' })
  const stranger = await createAuthority({ commonName: 'another CA' })
  const client = (commonName: string): Promise<IssuedCertificate> =>
    issueCertificate({ authority, hosts: [], commonName, usage: 'client' })
  const [good, revoked] = await Promise.all([client('good'), client('revoked')])
  const write = (name: string, text: string): string => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }
  const serials = [revoked.serialNumber]
  return {
    ca: write('ca.pem', authority.certPem),
    strangerCa: write('stranger-ca.pem', stranger.certPem),
    good,
    revoked,
    list: write('list.pem', await issueRevocationList({ authority, revoked: serials })),
    earlier: write('earlier.pem', await issueRevocationList({ authority, revoked: [] })),
    stale: write(
      'stale.pem',
      await issueRevocationList({ authority, revoked: [], nextUpdate: new Date(Date.now() - dayMs) }),
    ),
    foreign: write('foreign.pem', await issueRevocationList({ authority: stranger, revoked: [] })),
  }
}
