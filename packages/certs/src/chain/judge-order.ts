import type { X509Certificate } from 'node:crypto'
import { type CertificateFinding, wrong } from './chain-finding.ts'
import { isNamedAsIssuer, isSelfSigned, issued, oneLine } from './is-self-signed.ts'

/** What is wrong with the order of a chain: leaf first, each followed by its issuer (RFC 8446 section 4.4.2). By the place, from 0. */
export function judgeOrder(chain: readonly X509Certificate[]): Map<number, CertificateFinding> {
  const findings = new Map<number, CertificateFinding>()
  for (const [index, certificate] of chain.entries()) {
    const before = chain.findIndex(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)
    if (before < index)
      findings.set(index, wrong('twice', `is in the chain twice: also as certificate ${before + 1}`))
  }
  const once = [...chain.entries()].filter(([index]) => !findings.has(index))
  const leaf = once.findIndex(([, { ca }]) => !ca)
  const [place, leafCertificate] = once[leaf] ?? []
  if (leaf > 0 && place !== undefined && !signsOther(leafCertificate, chain))
    return findings.set(
      place,
      wrong('wrong-order', `is the leaf (${name(leafCertificate)}), and must be the first`),
    )
  for (const [step, [index, certificate]] of once.entries()) {
    const [nextIndex, next] = once[step + 1] ?? []
    if (nextIndex === undefined || !next || issued(next, certificate)) continue
    // A root is the end of its chain. What follows it belongs to no chain.
    const issuer = isSelfSigned(certificate) ? -1 : chain.findIndex((other) => issued(other, certificate))
    if (issuer >= 0)
      findings.set(
        index,
        wrong(
          'wrong-order',
          `has its issuer (${name(chain[issuer])}) as certificate ${issuer + 1}, which must follow it`,
        ),
      )
    else if (isNamedAsIssuer(next, certificate))
      findings.set(
        nextIndex,
        wrong(
          'bad-signature',
          `has the name of the issuer of the one before it (${name(certificate)}), and another key`,
        ),
      )
    else findings.set(nextIndex, wrong('stray', `did not issue the one before it (${name(certificate)})`))
  }
  return findings
}

/** A certificate that is not a CA and has issued another one is a false intermediate, and not the leaf. */
function signsOther(certificate: X509Certificate | undefined, chain: readonly X509Certificate[]): boolean {
  return (
    certificate !== undefined && chain.some((other) => other !== certificate && issued(certificate, other))
  )
}

function name(certificate: X509Certificate | undefined): string {
  return oneLine(certificate?.subject) || 'no subject'
}
