import type { X509Certificate } from 'node:crypto'
import { isSelfSigned } from './certificate-facts.ts'
import type { ChainFinding } from './chain-finding.ts'
import { renewalDate } from './leaf-validity.ts'
import { signatureOf } from './signature.ts'

/** What is wrong with a certificate by itself: its dates, its key, its signature. `place` counts from 1. */
export function judgeCertificate(
  certificate: X509Certificate,
  { place, now }: { place: number; now: Date },
): ChainFinding[] {
  return [...judgeDates(certificate, now), ...judgeStrength(certificate)].map((finding) => ({
    ...finding,
    certificate: place,
  }))
}

type Finding = Omit<ChainFinding, 'certificate'>

function judgeDates(certificate: X509Certificate, now: Date): Finding[] {
  const { validFromDate, validToDate } = certificate
  if (validToDate < now) return [wrong('expired', `It expired on ${validToDate.toISOString()}.`)]
  if (validFromDate > now)
    return [wrong('not-yet-valid', `It is valid only from ${validFromDate.toISOString()}.`)]
  if (certificate.ca || renewalDate(certificate) > now) return []
  return [
    {
      code: 'ends-soon',
      severity: 'note',
      message: 'Less than a third of its life is left: it is time to renew it.',
    },
  ]
}

function judgeStrength(certificate: X509Certificate): Finding[] {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  const bits = asymmetricKeyDetails?.modulusLength
  const signature = signatureOf(certificate)
  return [
    // CA/Browser Forum, Baseline Requirements 6.1.5.
    ...(asymmetricKeyType?.startsWith('rsa') && bits !== undefined && bits < 2_048
      ? [wrong('weak-key', `Its RSA key has ${bits} bits; clients ask for 2048.`)]
      : []),
    // A root is trusted for what it is: nobody checks what it says of itself.
    ...(signature.weak && !isSelfSigned(certificate)
      ? [wrong('weak-signature', `It is signed by ${signature.name}, which can be forged.`)]
      : []),
  ]
}

function wrong(code: ChainFinding['code'], message: string): Finding {
  return { code, severity: 'wrong', message }
}
