import type { X509Certificate } from 'node:crypto'
import type { LeafFacts, PlannedTls } from './planned-tls.ts'
import { oneLine } from './read-chain.ts'

const dayMs = 86_400_000

/** What some clients will refuse in a leaf, and others won't. */
export function leafWarnings(leaf: X509Certificate, what: string): string[] {
  const name = `The certificate ${oneLine(leaf.subject)} in ${what}`
  return [
    ...(leaf.subjectAltName === undefined
      ? [`${name} has no subjectAltName: browsers look at nothing else for the name of a host (RFC 9525).`]
      : []),
    ...(leaf.ca
      ? [`${name} is a CA certificate, which some clients refuse as that of a server, Firefox among them.`]
      : []),
  ]
}

/**
 * The certificates that run out soon. `auto` is the last fifth of the lifetime, 14 days at most: a renewal in the last third, as
 * certbot and Caddy do it, has then been due for a while; and a certificate for six days is not warned of all its life.
 */
export function expiryWarnings(
  { chains, sni, expiryWarningDays }: Pick<PlannedTls, 'chains' | 'sni' | 'expiryWarningDays'>,
  now: Date,
): string[] {
  const leaves = [...chains, ...sni.flatMap((host) => host.chains)].map(({ leaf }) => leaf)
  return leaves.flatMap((leaf) => {
    const leftMs = leaf.notAfter.getTime() - now.getTime()
    if (leftMs > noticeMs(leaf, expiryWarningDays)) return []
    const days = Math.floor(leftMs / dayMs)
    return [
      `The certificate ${leaf.subject}${leaf.hosts.length > 0 ? ` for ${leaf.hosts.join(', ')}` : ''} expires on ${leaf.notAfter.toISOString()} (in ${days} ${days === 1 ? 'day' : 'days'}). Renew it.`,
    ]
  })
}

function noticeMs({ notBefore, notAfter }: LeafFacts, days: PlannedTls['expiryWarningDays']): number {
  return days === 'auto' ? Math.min(14 * dayMs, (notAfter.getTime() - notBefore.getTime()) / 5) : days * dayMs
}
