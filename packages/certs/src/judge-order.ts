import type { X509Certificate } from 'node:crypto'
import { isSelfSigned, oneLine } from './certificate-facts.ts'
import type { ChainFinding } from './chain-finding.ts'

/** What is wrong with the order of a chain: leaf first, each followed by who issued it (RFC 8446 section 4.4.2). */
export function judgeOrder(chain: readonly X509Certificate[]): ChainFinding[] {
  const leaf = chain.findIndex(({ ca }) => !ca)
  if (leaf > 0) {
    return [wrong('wrong-order', leaf, `It is the leaf (${name(chain[leaf])}), and must be the first.`)]
  }
  return chain.flatMap((certificate, index): ChainFinding[] => {
    const next = chain[index + 1]
    if (!next || issued(next, certificate)) return []
    // A root is the end of its chain: what stands behind it belongs to nothing.
    const issuer = isSelfSigned(certificate) ? -1 : chain.findIndex((other) => issued(other, certificate))
    if (issuer >= 0)
      return [
        wrong(
          'wrong-order',
          index,
          `Its issuer (${name(chain[issuer])}) is certificate ${issuer + 1}, and must follow it.`,
        ),
      ]
    return [
      wrong('stray', index + 1, `It (${name(next)}) did not issue the one before it (${name(certificate)}).`),
    ]
  })
}

/** Whether one certificate was issued by another: by name and by signature. */
export function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function name(certificate: X509Certificate | undefined): string {
  return oneLine(certificate?.subject) || 'no subject'
}

function wrong(code: ChainFinding['code'], index: number, message: string): ChainFinding {
  return { code, severity: 'wrong', certificate: index + 1, message }
}
