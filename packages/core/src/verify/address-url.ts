import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import { hostInUrl } from '../platform/net/address/host-in-url.ts'

/** The URL under which a person on this machine reaches an address; `null` for a UNIX domain socket or a named pipe, which have none. */
export function addressUrl(address: BoundAddress, { tls }: Pick<LaunchPlan, 'tls'>): string | null {
  if (address.kind !== 'tcp') return null
  const everywhere = address.host === '0.0.0.0' || address.host === '::'
  const host = everywhere ? 'localhost' : hostInUrl(address.host)
  return `${tls ? 'https' : 'http'}://${host}:${address.port}/`
}
