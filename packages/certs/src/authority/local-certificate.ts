import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Authority } from './authority.ts'
import { issueCertificate } from './issue-certificate.ts'
import { leafValidity, longestLeafDays, renewalDate } from './leaf-validity.ts'
import { isPrivateName } from './name-constraints.ts'
import { writeAtomically } from './write-atomically.ts'

const always = ['localhost', '127.0.0.1', '::1'] as const

export interface LocalCertificate {
  /** Leaf first, without the root. */
  readonly chainPem: string
  readonly keyPem: string
  /** Holds both, mode 0600. */
  readonly file: string
  /** False when it was there already. */
  readonly created: boolean
  readonly notAfter: Date
  /** From then on the next call replaces it. */
  readonly renewAt: Date
  /** Hosts for which the local CA may not issue. Because of them the certificate is self-signed. */
  readonly refusedHosts: readonly string[]
}

/**
 * A leaf of the local CA for this machine and some hosts, made on first use, kept in a folder, and replaced when a third of
 * its life is left, when the CA is another one, or when the file is damaged. Key and certificate are in one file that is
 * renamed into place, so that of two processes that make it at once each reads one consistent pair.
 *
 * A client refuses a whole certificate for one name that its CA may not issue for (RFC 5280 section 6.1.3). So with such a host
 * among them the certificate signs itself, and `refusedHosts` says so.
 */
export async function readOrIssueLocalCertificate({
  authority,
  folder,
  hosts,
  now = new Date(),
}: {
  authority: Authority
  folder: string
  hosts: readonly string[]
  now?: Date
}): Promise<LocalCertificate> {
  const names = [...new Set([...always, ...hosts])].sort()
  const refusedHosts = names.filter((name) => !isPrivateName(name))
  const issuer = refusedHosts.length === 0 ? authority : null
  const file = join(folder, `${createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16)}.pem`)
  const kept = readPair(file, issuer)
  if (kept && kept.renewAt > now) return { ...kept, file, created: false, refusedHosts }

  const { chainPem, keyPem } = await issueCertificate({
    ...(issuer && { authority: issuer }),
    commonName: 'localhost',
    hosts: names,
    ...leafValidity({ now, days: longestLeafDays }),
  })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeAtomically(file, chainPem + keyPem, { mode: 0o600 })
  // Another process may have replaced our file by its own. Both use the content of the file.
  const written = readPair(file, issuer)
  if (!written) throw new Error(`the certificate ${file} can't be read back`)
  return { ...written, file, created: true, refusedHosts }
}

type KeptPair = Pick<LocalCertificate, 'chainPem' | 'keyPem' | 'notAfter' | 'renewAt'>

/** `null` when the file is missing, damaged, or of another issuer: then a new one is made. */
function readPair(file: string, issuer: Authority | null): KeptPair | null {
  try {
    const text = readFileSync(file, 'utf8')
    const leaf = new X509Certificate(text)
    const key = createPrivateKey(text)
    const signer = issuer ? new X509Certificate(issuer.certPem).publicKey : leaf.publicKey
    if (!leaf.checkPrivateKey(key) || !leaf.verify(signer)) return null
    return {
      chainPem: leaf.toString(),
      keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      notAfter: leaf.validToDate,
      renewAt: renewalDate(leaf),
    }
  } catch {
    return null
  }
}
