import type { KeyObject, X509Certificate } from 'node:crypto'
import { certificateFields } from './certificate-fields.ts'
import { type CertificateFinding, note, wrong } from './chain-finding.ts'
import { isSelfSigned } from './is-self-signed.ts'

/** What is wrong with a certificate by itself, wherever it is in the chain: its dates, its key, its signature, its extensions. */
export function judgeCertificate(certificate: X509Certificate, now: Date): CertificateFinding[] {
  return [...judgeDates(certificate, now), ...judgeStrength(certificate), ...judgeCritical(certificate)]
}

function judgeDates({ validFromDate, validToDate }: X509Certificate, now: Date): CertificateFinding[] {
  if (validToDate < now) return [wrong('expired', `expired on ${validToDate.toISOString()}`)]
  if (validFromDate > now)
    return [
      {
        ...wrong('not-yet-valid', `is valid only from ${validFromDate.toISOString()}`),
        until: validFromDate,
      },
    ]
  return []
}

function judgeStrength(certificate: X509Certificate): CertificateFinding[] {
  const { signature, hasExplicitCurve } = certificateFields(certificate)
  const { algorithm, hash } = signature
  if (hasExplicitCurve)
    return [
      wrong(
        'explicit-curve',
        'has a key whose curve is written out instead of named (RFC 5480 section 2.1.1)',
      ),
    ]
  const weakness = weaknessOf(certificate.publicKey)
  return [
    ...(weakness === null ? [] : [wrong('weak-key', `has a key that is too weak: ${weakness}`)]),
    // A root is trusted as it is: no client checks what it states about itself.
    ...(hash !== null && forgeable.includes(hash) && !isSelfSigned(certificate)
      ? [wrong('weak-signature', `is signed by ${algorithm} with ${hash}, which can be forged`)]
      : []),
  ]
}

/** Forged certificates have been made for each. Clients stopped accepting them between 2009 and 2017; RFC 9155. */
const forgeable = ['MD2', 'MD5', 'SHA-1']

/** NIST SP 800-131A: 112 bits of security at least. CA/Browser Forum, Baseline Requirements 6.1.5. */
function weaknessOf({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): string | null {
  const { modulusLength, namedCurve } = asymmetricKeyDetails
  if (asymmetricKeyType?.startsWith('rsa') && modulusLength !== undefined && modulusLength < 2048)
    return `RSA with ${modulusLength} bits`
  if (asymmetricKeyType === 'dsa') return 'DSA, which TLS 1.3 has dropped'
  const bits = Number(/(\d{3})/.exec(namedCurve ?? '')?.[1] ?? 256)
  return asymmetricKeyType === 'ec' && bits < 224 ? `the curve ${namedCurve}` : null
}

/** RFC 5280 section 4.2: a client refuses a certificate with a critical extension that it does not know. */
function judgeCritical(certificate: X509Certificate): CertificateFinding[] {
  const { critical } = certificateFields(certificate)
  return critical
    .filter((id) => !understood.includes(id))
    .map((id) =>
      rarelyUnderstood.includes(id)
        ? note('unknown-critical', `marks the extension ${id} as critical, for which OpenSSL refuses it`)
        : wrong(
            'unknown-critical',
            `has the critical extension ${id}, which clients do not know and refuse it for`,
          ),
    )
}

/** What OpenSSL and Go know (`X509_supported_extension()`). */
const understood: readonly string[] = [
  '2.5.29.15', // keyUsage
  '2.5.29.17', // subjectAltName
  '2.5.29.19', // basicConstraints
  '2.5.29.30', // nameConstraints
  '2.5.29.31', // cRLDistributionPoints
  '2.5.29.32', // certificatePolicies
  '2.5.29.33', // policyMappings
  '2.5.29.36', // policyConstraints
  '2.5.29.37', // extKeyUsage
  '2.5.29.54', // inhibitAnyPolicy
  '2.16.840.1.113730.1.1', // netscape-cert-type
  '1.3.6.1.5.5.7.1.7', // sbgp-ipAddrBlock
  '1.3.6.1.5.5.7.1.8', // sbgp-autonomousSysNum
  '1.3.6.1.5.5.7.1.14', // proxyCertInfo
]

/** Extensions that must not be critical, but that some clients accept. */
const rarelyUnderstood: readonly string[] = [
  '2.5.29.14', // subjectKeyIdentifier
  '2.5.29.35', // authorityKeyIdentifier
  '2.5.29.46', // freshestCRL
  '1.3.6.1.5.5.7.1.1', // authorityInfoAccess
  '1.3.6.1.5.5.7.1.24', // TLS feature
]
