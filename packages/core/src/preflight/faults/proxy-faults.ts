import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'

/** What proxies may say means nothing while none is trusted. */
export function proxyFaults({
  'proxy.trusted': trusted,
  'proxy.header': header,
  'proxy.protocol': protocol,
}: ResolvedOptions): Fault[] {
  if (trusted.value !== null) return []
  const hint = 'Name the proxies with --forwarded-allow-ips, or leave it out.'
  const fault = ({ label }: { label: string }, message: string): Fault => ({
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    message: `${label} ${message}`,
    hint,
    source: label,
  })
  return [
    ...(header.source.kind === 'default'
      ? []
      : [fault(header.source, 'would have no effect: no proxy is trusted.')]),
    ...(protocol.value === 'off'
      ? []
      : [fault(protocol.source, 'would refuse every connection: no proxy is trusted.')]),
  ]
}
