import type { EndingFacts, LeafFacts, PlannedTls } from './planned-tls.ts'

const dayMs = 86_400_000

/**
 * The certificates and revocation lists that end soon, or have ended while they were in use. `auto` is the last fifth of the lifetime, 14 days at
 * most: a renewal in the last third, as certbot and Caddy do it, has then been due for a while; and a certificate for six days is
 * not reported all its life.
 */
export function expiringCertificates(
  {
    chains,
    sni,
    ending,
    expiryWarningDays,
  }: Pick<PlannedTls, 'chains' | 'sni' | 'ending' | 'expiryWarningDays'>,
  now: Date,
): EndingFacts[] {
  const leaves = [...chains, ...sni.flatMap((host) => host.chains)].map(({ leaf }) => ({
    ...leaf,
    role: 'leaf' as const,
  }))
  return [...leaves, ...ending].filter(
    (facts) => facts.notAfter.getTime() - now.getTime() <= noticeMs(facts, expiryWarningDays),
  )
}

/** The warning about one of them. */
export function expiryWarning(
  { role, subject, hosts, notAfter }: Pick<EndingFacts, 'role' | 'subject' | 'hosts' | 'notAfter'>,
  now: Date,
): string {
  const { name, ended, cure } = words[role]
  const shown = `The ${name} ${subject}${role === 'leaf' && hosts.length > 0 ? ` for ${hosts.join(', ')}` : ''}`
  const days = Math.floor((notAfter.getTime() - now.getTime()) / dayMs)
  return hasExpired({ notAfter }, now)
    ? `${shown} has expired on ${notAfter.toISOString()}${ended}`
    : `${shown} expires on ${notAfter.toISOString()} (in ${days} ${days === 1 ? 'day' : 'days'}). ${cure}`
}

const words = {
  leaf: {
    name: 'certificate',
    ended: ', and stays in use. Clients refuse it: renew it and reload.',
    cure: 'Renew it.',
  },
  intermediate: {
    name: 'intermediate certificate',
    ended: ', and stays in use. Clients refuse the chain: put the current one of the CA in its place.',
    cure: 'Clients refuse the chain from then on: put the current one of the CA in its place.',
  },
  'client CA': {
    name: 'CA certificate for clients',
    ended: '. Clients with certificates by it are refused.',
    cure: 'Clients with certificates by it are refused from then on.',
  },
  'revocation list': {
    name: 'revocation list of',
    ended: '. Clients of that CA are refused: get its current list.',
    cure: 'Clients of that CA are refused from then on: get its current list.',
  },
} as const satisfies Record<EndingFacts['role'], { name: string; ended: string; cure: string }>

/** It is valid up to its last second: RFC 5280 section 4.1.2.5. */
export function hasExpired({ notAfter }: Pick<LeafFacts, 'notAfter'>, now: Date): boolean {
  return notAfter < now
}

function noticeMs({ notBefore, notAfter }: LeafFacts, days: PlannedTls['expiryWarningDays']): number {
  return days === 'auto' ? Math.min(14 * dayMs, (notAfter.getTime() - notBefore.getTime()) / 5) : days * dayMs
}
