import type { X509Certificate } from 'node:crypto'
import { certificateFields, type KeyUsage } from './certificate-fields.ts'
import { type CertificateFinding, note, wrong } from './chain-finding.ts'
import { hostsOf } from './hosts-of.ts'
import { isSelfSigned, oneLine } from './is-self-signed.ts'
import { judgeCertificate } from './judge-certificate.ts'
import { judgeOrder } from './judge-order.ts'
import { forbiddenName } from './name-subtrees.ts'

/** A finding with its certificate. */
export interface PathFinding extends CertificateFinding {
  readonly certificate: X509Certificate
  /** From 0. */
  readonly index: number
}

/**
 * Judges a chain as it is served, leaf first, the way clients do: RFC 5280 section 6, without the question whether its end is
 * trusted. A start, a check, a reload and an inspection all use it. A chain that all current clients refuse is `wrong`, as measured with OpenSSL
 * and Go and documented for browsers. If some of them accept it, the finding is a `note`.
 */
export function judgePath(
  chain: readonly X509Certificate[],
  {
    now,
    hasLeaf = true,
    isKnownRoot = () => false,
  }: {
    now: Date
    /** `false` for CAs that no server uses for a host. */
    hasLeaf?: boolean
    /** Whether clients may know the same name and key as a root. Asked only where that decides. */
    isKnownRoot?: (certificate: X509Certificate) => boolean
  },
): PathFinding[] {
  const order = judgeOrder(chain)
  return chain.flatMap((certificate, index) => {
    const surplus = isSurplus(chain, { index, isKnownRoot })
    const findings = [
      ...judgeCertificate(certificate, now).map((finding) =>
        surplus() ? spared(finding, certificate) : finding,
      ),
      // Where the order is wrong, the leaf is unknown.
      ...(order.size > 0
        ? []
        : index > 0
          ? judgeIssuer(chain, index)
          : hasLeaf
            ? judgeLeaf(certificate)
            : []),
    ]
    const misplaced = order.get(index)
    return [...findings, ...(misplaced ? [misplaced] : [])].map((finding) => ({
      ...finding,
      certificate,
      index,
    }))
  })
}

/**
 * Whether clients can do without the last certificate: a root, of which they have their own copy, or a root that another one has
 * signed for clients of long ago (RFC 4158 section 2.4).
 */
function isSurplus(
  chain: readonly X509Certificate[],
  { index, isKnownRoot }: { index: number; isKnownRoot: (certificate: X509Certificate) => boolean },
): () => boolean {
  return () => {
    const certificate = chain[index]
    if (!certificate || index === 0 || index < chain.length - 1) return false
    return isSelfSigned(certificate) || index > 1 || isKnownRoot(certificate)
  }
}

function spared(finding: CertificateFinding, { subject }: X509Certificate): CertificateFinding {
  if (finding.code !== 'expired' && finding.code !== 'weak-signature') return finding
  return note(
    finding.code,
    `${finding.says}. Clients that know ${oneLine(subject)} as a root do without it, others refuse the chain: take it out of the file, it can't be renewed`,
  )
}

function judgeLeaf(leaf: X509Certificate): CertificateFinding[] {
  const { keyUsage, extendedKeyUsage, asksForStapling } = certificateFields(leaf)
  return [
    ...(extendedKeyUsage && !serves(extendedKeyUsage)
      ? [
          wrong(
            'extended-key-usage',
            `is not for servers: its extended key usage is ${extendedKeyUsage.join(', ')}`,
          ),
        ]
      : []),
    ...(keyUsage ? judgeKeyUsage(keyUsage, leaf.publicKey.asymmetricKeyType ?? '') : []),
    ...(asksForStapling
      ? [
          note(
            'must-staple',
            'asks for a stapled OCSP answer (must-staple), which is not sent: some clients refuse it, Firefox among them',
          ),
        ]
      : []),
    ...(leaf.ca && !isSelfSigned(leaf)
      ? [
          note(
            'authority-as-leaf',
            'is a CA certificate, which some clients refuse as that of a server, Firefox among them',
          ),
        ]
      : []),
  ]
}

/** RFC 5280 section 4.2.1.3; what OpenSSL takes of a server is measured. */
function judgeKeyUsage(keyUsage: ReadonlySet<KeyUsage>, keyType: string): CertificateFinding[] {
  if (keyUsage.has('digitalSignature')) return []
  const shown = [...keyUsage].join(', ') || 'empty'
  if (!keyUsage.has('keyEncipherment') && !keyUsage.has('keyAgreement'))
    return [wrong('key-usage', `may not be used for TLS: its key usage is ${shown}`)]
  return [
    note(
      'key-usage',
      `may not sign (its key usage is ${shown}), as ${keyType.startsWith('rsa') ? 'TLS 1.3 and ECDHE need it: Chrome, Firefox and GnuTLS' : 'every handshake needs it: many clients'} refuse it`,
    ),
  ]
}

/** RFC 5280 section 6.1.4 (k) to (n). */
function judgeIssuer(chain: readonly X509Certificate[], index: number): CertificateFinding[] {
  const issuer = chain[index]
  const [leaf] = chain
  if (!issuer || !leaf) return []
  const { isAuthority, keyUsage, extendedKeyUsage, pathLength, nameConstraints } = certificateFields(issuer)
  const between = chain
    .slice(1, index)
    .filter((certificate) => !certificateFields(certificate).isSelfIssued).length
  const forbidden = nameConstraints && forbiddenName(nameConstraints, hostsOf(leaf))
  return [
    ...(isAuthority
      ? []
      : [wrong('no-authority', 'is not a CA, so that it may not issue other certificates')]),
    ...(keyUsage && !keyUsage.has('keyCertSign')
      ? [
          wrong(
            'key-usage',
            `may not sign certificates: its key usage is ${[...keyUsage].join(', ') || 'empty'}`,
          ),
        ]
      : []),
    ...(extendedKeyUsage && !serves(extendedKeyUsage)
      ? [
          wrong(
            'extended-key-usage',
            `may not issue certificates for servers: its extended key usage is ${extendedKeyUsage.join(', ')}`,
          ),
        ]
      : []),
    ...(pathLength !== null && pathLength < between
      ? [
          wrong(
            'path-too-long',
            `allows ${pathLength} further CA${pathLength === 1 ? '' : 's'} below it (pathLenConstraint), and there ${between === 1 ? 'is 1' : `are ${between}`}`,
          ),
        ]
      : []),
    ...(forbidden === null
      ? []
      : [wrong('forbidden-name', `may not issue for ${forbidden}, a name of the leaf (nameConstraints)`)]),
  ]
}

/** serverAuth, or anyExtendedKeyUsage: RFC 5280 section 4.2.1.12. */
function serves(usages: readonly string[]): boolean {
  return usages.includes('1.3.6.1.5.5.7.3.1') || usages.includes('2.5.29.37.0')
}
