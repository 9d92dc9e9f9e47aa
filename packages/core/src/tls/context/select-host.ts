import { canonicalHost } from '../../options/kinds/tls/canonical-host.ts'
import type { PlannedHost, PlannedTls } from '../planned-tls.ts'

export type HostChoice =
  | { readonly kind: 'host'; readonly host: PlannedHost }
  | { readonly kind: 'default' }
  | { readonly kind: 'reject' }

/**
 * Which certificate a client gets that asks for a name: an exact host before a wildcard, then the default one if it may have it. Looked up
 * for each handshake, so among many hosts it must not be searched for.
 */
export function hostSelector({
  sni,
  unknownHost,
  chains,
}: Pick<PlannedTls, 'sni' | 'unknownHost' | 'chains'>): (servername: string) => HostChoice {
  const hosts = new Map(sni.toReversed().map((host) => [host.host, host]))
  const own = new Set(chains.flatMap(({ leaf }) => leaf.hosts.map((name) => name.toLowerCase())))
  return (servername) => {
    const name = canonicalHost(servername)
    const wildcard = wildcardOf(name)
    const host = hosts.get(name) ?? hosts.get(wildcard)
    if (host) return { kind: 'host', host }
    const isKnown = own.has(name) || own.has(wildcard)
    return { kind: isKnown || unknownHost === 'default' ? 'default' : 'reject' }
  }
}

/** RFC 9525 section 6.3: a wildcard matches exactly one label, the first. */
export function covers(pattern: string, name: string): boolean {
  return pattern.startsWith('*.') && pattern === wildcardOf(name)
}

/** The wildcard that covers a name; empty when none can. */
function wildcardOf(name: string): string {
  const dot = name.indexOf('.')
  return dot > 0 ? `*${name.slice(dot)}` : ''
}
