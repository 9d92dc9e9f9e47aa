import type { Fault } from '../../errors/launch-error.ts'
import { formatDuration } from '../../options/kinds/duration.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'

/** A headers timeout that is longer than that of the whole request would never be reached. */
export function timeoutFaults({
  'timeouts.headers': headers,
  'timeouts.request': request,
}: ResolvedOptions): Fault[] {
  const contradicts =
    headers.source.kind !== 'default' && request.value !== 0 && headers.value > request.value
  if (!contradicts) return []
  return [
    {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `The headers of a request may take ${formatDuration(headers.value)} (${headers.source.label}), but the whole request only ${formatDuration(request.value)} (${request.source.label}).`,
      hint: 'Raise timeouts.request or lower timeouts.headers.',
      source: headers.source.label,
    },
  ]
}
