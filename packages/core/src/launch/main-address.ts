import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import { formatBindAddress } from '../platform/net/address/format-bind-address.ts'
import type { LaunchHandle } from './launch-handle.ts'

/** The first of several addresses. Most servers have one. */
export function mainAddress(
  addresses: readonly BoundAddress[],
  urls: readonly string[],
): Pick<LaunchHandle, 'url' | 'port'> {
  const [first] = addresses
  const tcp = addresses.find((address) => address.kind === 'tcp')
  return { url: urls[0] ?? (first ? formatBindAddress(first) : ''), port: tcp?.port ?? null }
}
