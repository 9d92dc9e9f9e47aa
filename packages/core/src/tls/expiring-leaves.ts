import type { LeafFacts, PlannedTls } from './planned-tls.ts'

const dayMs = 86_400_000

/**
 * The certificates that run out soon, or have run out while they were served. `auto` is the last fifth of the lifetime, 14 days at
 * most: a renewal in the last third, as certbot and Caddy do it, has then been due for a while; and a certificate for six days is
 * not warned of all its life.
 */
export function expiringLeaves(
  { chains, sni, expiryWarningDays }: Pick<PlannedTls, 'chains' | 'sni' | 'expiryWarningDays'>,
  now: Date,
): LeafFacts[] {
  return [...chains, ...sni.flatMap((host) => host.chains)]
    .map(({ leaf }) => leaf)
    .filter((leaf) => leaf.notAfter.getTime() - now.getTime() <= noticeMs(leaf, expiryWarningDays))
}

/** What is to be said of one of them. */
export function expiryWarning({ subject, hosts, notAfter }: LeafFacts, now: Date): string {
  const name = `The certificate ${subject}${hosts.length > 0 ? ` for ${hosts.join(', ')}` : ''}`
  const days = Math.floor((notAfter.getTime() - now.getTime()) / dayMs)
  return hasExpired({ notAfter }, now)
    ? `${name} has expired on ${notAfter.toISOString()}, and is served on. Clients refuse it: renew it and reload.`
    : `${name} expires on ${notAfter.toISOString()} (in ${days} ${days === 1 ? 'day' : 'days'}). Renew it.`
}

/** It is valid up to its last second: RFC 5280 section 4.1.2.5. */
export function hasExpired({ notAfter }: Pick<LeafFacts, 'notAfter'>, now: Date): boolean {
  return notAfter < now
}

function noticeMs({ notBefore, notAfter }: LeafFacts, days: PlannedTls['expiryWarningDays']): number {
  return days === 'auto' ? Math.min(14 * dayMs, (notAfter.getTime() - notBefore.getTime()) / 5) : days * dayMs
}
