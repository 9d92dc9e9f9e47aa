import { hstsHeader } from '../options/kinds/tls/hsts-policy.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { PlannedHttps, ServedProtocol } from './launch-plan.ts'
import { placeAddresses, type Surroundings } from './place-addresses.ts'

/** What HTTP does on a TLS port. Protocols that no backend can serve have been refused by the support tables. */
export function planHttps(options: ResolvedOptions, surroundings: Surroundings): PlannedHttps {
  const hsts = options['tls.hsts'].value
  return {
    protocols: options['tls.protocols'].value.filter(
      (name): name is ServedProtocol => name === 'h2' || name === 'http/1.1',
    ),
    hsts: hsts && hstsHeader(hsts),
    keylogFile: options['tls.keylog'].value,
    redirect: placeAddresses(options['tls.redirect'].value ?? [], surroundings),
    redirectPort: options['tls.redirectPort'].value,
  }
}
