import type { inspectCertificate } from '@lockstep/certs'
import { columns } from './columns.ts'
import { daysUntil } from './server-facts.ts'

type Facts = ReturnType<typeof inspectCertificate>

/** The certificates of a file for people, in the order of the file. */
export function renderCertificates(certificates: Facts): string {
  return certificates
    .map(
      (facts, index) =>
        `${certificates.length > 1 ? `Certificate ${index + 1} of ${certificates.length}\n` : ''}${columns(rows(facts))}\n`,
    )
    .join('\n')
}

function rows(facts: Facts[number]): [string, string][] {
  const days = daysUntil(facts.notAfter)
  const validity = facts.notBefore > new Date() ? 'not valid yet' : days < 0 ? 'expired' : `${days} days left`
  return [
    ['subject', facts.subject || '(none)'],
    ['issuer', facts.selfSigned ? 'itself (self-signed)' : facts.issuer],
    ['hosts', facts.subjectAltNames.join(', ') || '(none)'],
    ['valid', `${facts.notBefore.toISOString()} to ${facts.notAfter.toISOString()} (${validity})`],
    ['key', facts.keyType],
    ['authority', facts.isAuthority ? 'yes' : 'no'],
    ['serial', facts.serialNumber],
    ['SHA-256', facts.fingerprint256],
  ]
}
