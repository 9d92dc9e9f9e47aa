import type { X509Certificate } from 'node:crypto'
import type { ChainFinding } from '../chain/chain-finding.ts'
import { isSelfSigned, issued, oneLine } from '../chain/is-self-signed.ts'
import type { KnownRoot } from './known-roots.ts'

/** Where a chain ends: in a root that is trusted, or why not. */
export interface TrustVerdict {
  readonly root: KnownRoot | null
  readonly finding: ChainFinding | null
}

/** Follows a chain from its leaf by names and signatures, whatever its order, to a root that is known. */
export function judgeTrust(chain: readonly X509Certificate[], roots: readonly KnownRoot[]): TrustVerdict {
  const leaf = chain.find(({ ca }) => !ca)
  // Only certificates of CAs: the reader of the file decides whether to trust them.
  if (!leaf) return { root: null, finding: null }
  const seen = new Set<X509Certificate>()
  let last = leaf
  for (;;) {
    const end = last
    const root =
      roots.find(({ certificate }) => certificate.fingerprint256 === end.fingerprint256) ??
      roots.find(({ certificate }) => issued(certificate, end))
    if (root) return { root, finding: root.trustedBy === 'local CA' ? notTrustedYet : null }
    seen.add(end)
    const next = isSelfSigned(end) ? undefined : chain.find((other) => !seen.has(other) && issued(other, end))
    if (!next) return { root: null, finding: deadEnd({ leaf, end, place: chain.indexOf(end) + 1 }) }
    last = next
  }
}

const notTrustedYet: ChainFinding = {
  code: 'local-root-not-trusted',
  severity: 'note',
  certificate: null,
  message: 'Its root is the local CA, which this machine does not trust: lockstep cert trust',
}

function deadEnd({
  leaf,
  end,
  place,
}: {
  leaf: X509Certificate
  end: X509Certificate
  place: number
}): ChainFinding {
  const wrong = (code: ChainFinding['code'], message: string): ChainFinding => ({
    code,
    severity: 'wrong',
    certificate: place,
    message,
  })
  const [subject, issuer] = [oneLine(end.subject) || 'no subject', oneLine(end.issuer)]
  if (isSelfSigned(end)) {
    return end === leaf
      ? wrong('self-signed', 'It signs itself: only clients that are configured to trust it do.')
      : wrong('unknown-root', `It (${subject}) is a root that this machine does not know.`)
  }
  // Public CAs write into what they issue where their own certificate can be had (RFC 5280 section 4.2.2.1).
  return /^CA Issuers/m.test(end.infoAccess ?? '')
    ? wrong('missing-intermediate', `Its issuer (${issuer}) is missing. Put its certificate behind this one.`)
    : wrong('unknown-issuer', `Its issuer (${issuer}) is neither here nor a root that this machine knows.`)
}
