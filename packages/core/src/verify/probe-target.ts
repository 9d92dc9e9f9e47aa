import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { formatBindAddress, pipePrefix } from '../options/format-bind-address.ts'
import type { BoundAddress } from '../plan/bound-address.ts'
import type { ServedProtocol } from '../plan/launch-plan.ts'

/** How a client on this machine reaches a bound address, and what it speaks there. */
export type ProbeTarget = ({ readonly host: string; readonly port: number } | { readonly path: string }) & {
  readonly protocol: ServedProtocol
  /** The plan limits connections, so that the server may close one at once without a byte. */
  readonly isLimited: boolean
}

/** "Every interface" is no address that one could connect to; loopback is one of them. */
export function probeTarget(
  address: BoundAddress,
  { protocol, isLimited }: Pick<ProbeTarget, 'protocol' | 'isLimited'>,
): ProbeTarget {
  if (address.kind !== 'tcp') return { path: address.path, protocol, isLimited }
  return { host: reachable(address.host), port: address.port, protocol, isLimited }
}

function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host !== '::') return host
  // A socket that is bound to `::` takes IPv4 too. Where IPv6 is switched off, as in many containers, that is all it gets.
  return hasAddress('::1') ? '::1' : '127.0.0.1'
}

function hasAddress(wanted: string): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === wanted))
}

export function formatTarget(target: ProbeTarget): string {
  if ('path' in target)
    return formatBindAddress({
      kind: target.path.startsWith(pipePrefix) ? 'pipe' : 'unix',
      path: target.path,
    })
  return `${isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`
}
