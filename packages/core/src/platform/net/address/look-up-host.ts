import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'

/**
 * The IP addresses of a host, in the order of the system. `node:dns/promises` is loaded only for names: a primary that has none does not
 * need it. Rejects with the error of `lookup()`.
 */
export async function lookUpHosts(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host]
  const found: readonly LookupAddress[] = await process
    .getBuiltinModule('node:dns/promises')
    .lookup(host, { all: true })
  return found.map(({ address }) => address)
}
