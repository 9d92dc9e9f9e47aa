import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { renewalDate } from '../authority/leaf-validity.ts'
import type { ChainFinding } from '../chain/chain-finding.ts'
import { isSelfSigned } from '../chain/is-self-signed.ts'
import { judgeCertificate } from '../chain/judge-certificate.ts'
import { judgePath, type PathFinding } from '../chain/judge-path.ts'
import { judgeTrust } from './judge-trust.ts'
import type { KnownRoot } from './known-roots.ts'

/** What a client with these roots would say of a chain. */
export interface ChainVerdict {
  /** `null`: the chain does not end in a root, or is not a chain. */
  readonly root: KnownRoot | null
  readonly findings: readonly ChainFinding[]
}

/** Judges a chain as a client at a moment does, for a host if one is named. A collection of roots is not a chain and has no order. */
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
    /** OpenSSL's reason to refuse it, if OpenSSL was asked. */
    refusal?: string | null
  },
): ChainVerdict {
  if (chain.every((certificate) => certificate.ca && isSelfSigned(certificate)))
    return {
      root: null,
      findings: chain.flatMap((certificate, index) =>
        judgeCertificate(certificate, now).map((finding) => asChainFinding({ ...finding, index })),
      ),
    }
  const isKnownRoot = (certificate: X509Certificate): boolean =>
    roots.some(
      ({ certificate: root }) =>
        root.subject === certificate.subject && root.publicKey.equals(certificate.publicKey),
    )
  const { root, finding } = judgeTrust(chain, roots)
  const findings = [
    ...judgePath(chain, { now, isKnownRoot, hasLeaf: chain.some(({ ca }) => !ca) }).map(asChainFinding),
    ...chain.flatMap((certificate, index) => judgeEnd(certificate, { index, now })),
    ...judgeNames(chain, host),
    ...(finding ? [finding] : []),
  ]
  const unexplained = refusal !== null && !findings.some(({ severity }) => severity === 'wrong')
  return { root, findings: unexplained ? [...findings, refused(refusal)] : findings }
}

function asChainFinding({ code, severity, says, index }: Omit<PathFinding, 'certificate'>): ChainFinding {
  return { code, severity, certificate: index + 1, message: `It ${says}.` }
}

/** A certificate of which less than a third of its life is left. */
function judgeEnd(
  certificate: X509Certificate,
  { index, now }: { index: number; now: Date },
): ChainFinding[] {
  if (certificate.validToDate < now || renewalDate(certificate) > now) return []
  // A CA lives for years: its last third is not news, its last weeks are.
  if (certificate.ca && certificate.validToDate.getTime() - now.getTime() > longestNoticeMs) return []
  const days = Math.floor((certificate.validToDate.getTime() - now.getTime()) / 86_400_000)
  return [
    {
      code: 'ends-soon',
      severity: 'note',
      certificate: index + 1,
      message: certificate.ca
        ? `It expires on ${certificate.validToDate.toISOString()} (in ${days} ${days === 1 ? 'day' : 'days'}), and every chain through it with it.`
        : 'Less than a third of its life is left: it is time to renew it.',
    },
  ]
}

const longestNoticeMs = 30 * 86_400_000

/** Findings that only OpenSSL makes. */
function refused(refusal: string): ChainFinding {
  // Node has no name for many of OpenSSL's reasons.
  const reason = refusal === 'UNSPECIFIED' ? 'perhaps for a name that a CA in it may not issue for' : refusal
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
  // RFC 9525 section 6.3: the common name is not a host name any more.
  if (leaf.subjectAltName === undefined)
    return wrong('no-names', 'It names no host (subjectAltName): clients ignore its common name.')
  if (host === undefined) return []
  const fits = isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host, { subject: 'never' })
  return fits === undefined ? wrong('wrong-host', `It is not valid for ${host}.`) : []
}
