import type { X509Certificate } from 'node:crypto'
import { type ChainFinding, isSelfSigned, judgePath, oneLine, type PathFinding } from '@lockstep/certs/judge'
import type { ErrorCode } from '../../errors/error-catalog.ts'
import type { Fault } from '../../errors/launch-error.ts'
import { nodeCrypto } from '../../platform/node/node-crypto.ts'
import { nodeTls } from '../../platform/node/node-tls.ts'

/** What the judge of chains says, in the words of a launch. */
export interface ChainVerdict {
  readonly faults: readonly Fault[]
  readonly warnings: readonly string[]
}

/** Judges a chain as clients will: what all of them refuse is a fault, what some refuse is a warning. */
export function chainVerdict(
  chain: readonly X509Certificate[],
  { what, source, now }: { what: string; source: string; now: Date },
): ChainVerdict {
  const findings = judgePath(chain, { now, isKnownRoot })
  const [leaf] = chain
  return {
    faults: findings.flatMap((finding) =>
      finding.severity === 'wrong' ? [asFault(finding, { what, source })] : [],
    ),
    warnings: [
      ...findings.flatMap((finding) => (finding.severity === 'note' ? [`${sentence(finding, what)}.`] : [])),
      ...(leaf && leaf.subjectAltName === undefined
        ? [
            `The certificate ${named(leaf)} in ${what} has no subjectAltName: browsers look at nothing else for the name of a host (RFC 9525).`,
          ]
        : []),
      ...(leaf && lacksIssuer(chain, leaf)
        ? [
            `The certificate ${named(leaf)} in ${what} comes alone, and its issuer (${oneLine(leaf.issuer)}) is not a root that this machine knows: clients without that certificate refuse the chain. Put it behind the leaf: cat leaf.pem intermediate.pem.`,
          ]
        : []),
    ],
  }
}

/** The fault for one finding. */
export function asFault(
  finding: Pick<PathFinding, 'code' | 'says' | 'certificate' | 'until'> & { index?: number },
  { what, source }: { what: string; source: string },
): Fault {
  const [code, hint] = answers[finding.code] ?? (['LOCKSTEP_ERR_TLS_CHAIN_REFUSED', issueAnother] as const)
  return {
    code,
    message: `${sentence(finding, what)}.`,
    hint,
    source,
    ...(finding.until && { until: finding.until }),
  }
}

function sentence(
  { says, certificate, index = 0 }: Pick<PathFinding, 'says' | 'certificate'> & { index?: number },
  what: string,
): string {
  const place = index > 0 ? `, number ${index + 1},` : ''
  return `The certificate ${named(certificate)} in ${what}${place} ${says}`
}

function named({ subject }: X509Certificate): string {
  return oneLine(subject) || '(no subject)'
}

const issueAnother = 'Have another certificate issued: clients refuse this one.'
const order = 'Put the leaf first, then each issuer after what it issued: cat leaf.pem intermediate.pem.'

/** The code and the cure for each finding that can be a fault. */
const answers: Partial<Record<ChainFinding['code'], readonly [code: ErrorCode, hint: string]>> = {
  expired: ['LOCKSTEP_ERR_TLS_CERT_EXPIRED', 'Renew it.'],
  'not-yet-valid': ['LOCKSTEP_ERR_TLS_CERT_NOT_YET_VALID', 'Wait, or check the clock of this machine.'],
  'weak-key': [
    'LOCKSTEP_ERR_TLS_KEY_WEAK',
    'Have a certificate issued for a new key: RSA with 2048 bits or more, or ECDSA with P-256.',
  ],
  'weak-signature': [
    'LOCKSTEP_ERR_TLS_SIGNATURE_WEAK',
    'Have a certificate issued that is signed with SHA-256, by a CA that does so itself.',
  ],
  'key-usage': [
    'LOCKSTEP_ERR_TLS_CERT_USAGE',
    'Have a certificate issued with the key usage digitalSignature; a CA needs keyCertSign.',
  ],
  'extended-key-usage': [
    'LOCKSTEP_ERR_TLS_CERT_USAGE',
    'Have a certificate issued with the extended key usage serverAuth.',
  ],
  'wrong-order': ['LOCKSTEP_ERR_TLS_CHAIN_ORDER', order],
  stray: ['LOCKSTEP_ERR_TLS_CHAIN_ORDER', order],
  'bad-signature': [
    'LOCKSTEP_ERR_TLS_CHAIN_ORDER',
    'The CA has got a new key: put its current certificate there, as the CA publishes it.',
  ],
  twice: [
    'LOCKSTEP_ERR_TLS_CHAIN_ORDER',
    'Leave one of them out. A file such as fullchain.pem already begins with the leaf.',
  ],
  'explicit-curve': [
    'LOCKSTEP_ERR_TLS_CHAIN_REFUSED',
    'Make a key with a named curve and have a certificate issued for it: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
  ],
  'no-authority': [
    'LOCKSTEP_ERR_TLS_CHAIN_REFUSED',
    'Put the certificate of the CA that has issued the leaf there.',
  ],
  'path-too-long': ['LOCKSTEP_ERR_TLS_CHAIN_REFUSED', 'Have the certificate issued by a CA that may do so.'],
}

/**
 * Whether a leaf without any other certificate needs one. Public CAs issue from an intermediate, and write into the leaf where it can be had
 * (RFC 5280 section 4.2.2.1). Without that entry the issuer may be a private root that all clients have. A longer chain is not searched for
 * a further gap, because the comparison with all roots takes a tenth of a second.
 */
function lacksIssuer(chain: readonly X509Certificate[], leaf: X509Certificate): boolean {
  return (
    chain.length === 1 &&
    !isSelfSigned(leaf) &&
    /^CA Issuers/m.test(leaf.infoAccess ?? '') &&
    !knownRoots().some((root) => leaf.checkIssued(root))
  )
}

function isKnownRoot({ subject, publicKey }: X509Certificate): boolean {
  return knownRoots().some((root) => root.subject === subject && root.publicKey.equals(publicKey))
}

/** Mozilla's list, which comes with Node, and what this machine trusts: asked for only where that decides. */
function knownRoots(): X509Certificate[] {
  return nodeTls()
    .getCACertificates('system')
    .concat(nodeTls().rootCertificates)
    .map((pem) => new (nodeCrypto().X509Certificate)(pem))
}
