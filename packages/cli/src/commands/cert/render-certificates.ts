import type { CertificateFacts } from '@lockstep/certs'
import { visibleFacts } from '@lockstep/core/internal'
import { columns } from '../../render/columns.ts'
import { daysUntil } from '../status/server-facts.ts'

/** Certificates for people, in their order. */
export function renderCertificates(given: readonly CertificateFacts[]): string {
  const certificates = visibleFacts(given)
  const count = certificates.length
  return certificates
    .map((facts, index) => {
      const title = count > 1 ? `Certificate ${index + 1} of ${count}, ${part(facts)}\n` : ''
      return `${title}${columns(rows(facts))}\n`
    })
    .join('\n')
}

function part({ isAuthority, selfSigned }: CertificateFacts): string {
  if (!isAuthority) return 'a leaf'
  return selfSigned ? 'a root' : 'an intermediate'
}

function rows(facts: CertificateFacts): [string, string][] {
  const days = daysUntil(facts.notAfter)
  const left = `${days} ${days === 1 ? 'day' : 'days'} left`
  const validity = facts.notBefore > new Date() ? 'not valid yet' : days < 0 ? 'expired' : left
  return [
    ['subject', facts.subject || '(none)'],
    ['issuer', facts.selfSigned ? 'itself (self-signed)' : facts.issuer],
    ['hosts', facts.subjectAltNames.join(', ') || '(none)'],
    ['valid', `${facts.notBefore.toISOString()} to ${facts.notAfter.toISOString()} (${validity})`],
    ['key', facts.keyType],
    ['signature', facts.signature],
    ['authority', facts.isAuthority ? 'yes' : 'no'],
    ['serial', facts.serialNumber],
    ['SHA-256', facts.fingerprint256],
  ]
}
