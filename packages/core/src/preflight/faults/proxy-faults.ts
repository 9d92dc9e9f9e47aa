import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'

/** A setting of proxies without a proxy that is trusted would have no effect. */
export function proxyFaults({ 'proxy.trusted': trusted, 'proxy.header': header }: ResolvedOptions): Fault[] {
  if (trusted.value !== null || header.source.kind === 'default') return []
  return [
    {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `${header.source.label} would have no effect: no proxy is trusted.`,
      hint: 'Name the proxies with --forwarded-allow-ips, or leave it out.',
      source: header.source.label,
    },
  ]
}
