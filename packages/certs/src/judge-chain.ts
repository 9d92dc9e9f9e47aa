import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { isSelfSigned } from './certificate-facts.ts'
import type { ChainFinding } from './chain-finding.ts'
import { judgeCertificate } from './judge-certificate.ts'
import { judgeOrder } from './judge-order.ts'
import { judgeTrust } from './judge-trust.ts'
import type { KnownRoot } from './known-roots.ts'

/** What a client with these roots would say of a chain. */
export interface ChainVerdict {
  /** `null`: the chain ends in none, or is none. */
  readonly root: KnownRoot | null
  readonly findings: readonly ChainFinding[]
}

/** Judges a chain as a client at a moment does, for a host if one is named. A collection of roots is no chain and has no order. */
export function judgeChain(
  chain: readonly X509Certificate[],
  {
    now,
    roots,
    host,
    refusal = null,
  }: {
    now: Date
    roots: readonly KnownRoot[]
    host?: string
    /** What OpenSSL has against it, if it was asked. */
    refusal?: string | null
  },
): ChainVerdict {
  const each = chain.flatMap((certificate, index) => judgeCertificate(certificate, { place: index + 1, now }))
  if (chain.every((certificate) => certificate.ca && isSelfSigned(certificate)))
    return { root: null, findings: each }
  const { root, finding } = judgeTrust(chain, roots)
  const findings = [...each, ...judgeNames(chain, host), ...judgeOrder(chain), ...(finding ? [finding] : [])]
  const unexplained = refusal !== null && !findings.some(({ severity }) => severity === 'wrong')
  return { root, findings: unexplained ? [...findings, refused(refusal)] : findings }
}

/** What we do not look at ourselves, such as the names that a CA may give. */
function refused(refusal: string): ChainFinding {
  // Node has no name for many of OpenSSL's reasons.
  const reason = refusal === 'UNSPECIFIED' ? 'perhaps for a name that a CA in it may not give' : refusal
  const message = `OpenSSL refuses the chain: ${reason}.`
  return { code: 'refused', severity: 'wrong', certificate: null, message }
}

function judgeNames(chain: readonly X509Certificate[], host: string | undefined): ChainFinding[] {
  const index = chain.findIndex(({ ca }) => !ca)
  const leaf = chain[index]
  if (!leaf) return []
  const wrong = (code: ChainFinding['code'], message: string): ChainFinding[] => [
    { code, severity: 'wrong', certificate: index + 1, message },
  ]
  // RFC 9525 section 6.3: the common name is no host name any more.
  if (leaf.subjectAltName === undefined)
    return wrong('no-names', 'It names no host (subjectAltName): clients ignore its common name.')
  if (host === undefined) return []
  const fits = isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host, { subject: 'never' })
  return fits === undefined ? wrong('wrong-host', `It is not valid for ${host}.`) : []
}
