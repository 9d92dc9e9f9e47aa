import type { webcrypto } from 'node:crypto'
import type { Authority } from '../authority/authority.ts'
import { keyTypes } from '../authority/key-types.ts'
import { x509 } from '../crypto/webcrypto-provider.ts'

const dayMs = 86_400_000

/** Issues a certificate revocation list (RFC 5280 section 5) as PEM. Serial numbers are hexadecimal. */
export async function issueRevocationList({
  authority,
  revoked,
  thisUpdate = new Date(Date.now() - 60_000),
  nextUpdate = new Date(Date.now() + 30 * dayMs),
}: {
  authority: Authority
  revoked: readonly string[]
  thisUpdate?: Date
  nextUpdate?: Date
}): Promise<string> {
  const list = await x509.X509CrlGenerator.create({
    issuer: new x509.X509Certificate(authority.certPem).subjectName.toJSON(),
    thisUpdate,
    nextUpdate,
    entries: revoked.map((serialNumber) => ({
      serialNumber,
      revocationDate: new Date(),
      reason: x509.X509CrlReason.keyCompromise,
    })),
    signingKey: authority.keys.privateKey,
    signingAlgorithm: keyTypes[authority.keyType] as webcrypto.EcdsaParams,
  })
  // RFC 7468 section 6 names it so; the library's own label is another.
  return `${list.toString('pem').replaceAll('CRL-----', 'X509 CRL-----')}\n`
}
