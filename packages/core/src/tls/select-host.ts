import { canonicalHost } from '../options/canonical-host.ts'
import type { PlannedHost, PlannedTls } from './planned-tls.ts'

export type HostChoice =
  | { readonly kind: 'host'; readonly host: PlannedHost }
  | { readonly kind: 'default' }
  | { readonly kind: 'reject' }

/** Which certificate a client gets that asks for a name: an exact host before a wildcard, then the default one if it may have it. */
export function selectHost(
  { sni, unknownHost, chains }: Pick<PlannedTls, 'sni' | 'unknownHost' | 'chains'>,
  servername: string,
): HostChoice {
  const name = canonicalHost(servername)
  const host = sni.find((one) => one.host === name) ?? sni.find((one) => covers(one.host, name))
  if (host) return { kind: 'host', host }
  const known = chains
    .flatMap(({ leaf }) => leaf.hosts.map((own) => own.toLowerCase()))
    .some((own) => own === name || covers(own, name))
  return { kind: known || unknownHost === 'default' ? 'default' : 'reject' }
}

/** RFC 9525 section 6.3: a wildcard stands for exactly one label, the first. */
export function covers(pattern: string, name: string): boolean {
  const dot = name.indexOf('.')
  return pattern.startsWith('*.') && dot > 0 && name.slice(dot) === pattern.slice(1)
}
