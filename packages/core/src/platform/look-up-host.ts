import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'

/** As `lookup()` of `node:dns/promises`, which is loaded only for names: a primary that has none does not need it. */
export async function lookUpHost(host: string): Promise<LookupAddress> {
  const family = isIP(host)
  if (family !== 0) return { address: host, family }
  return process.getBuiltinModule('node:dns/promises').lookup(host)
}
