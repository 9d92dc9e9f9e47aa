import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'

/** One path can't say two things: which of them is meant would be a guess. */
export function healthFaults({ 'health.ready': ready, 'health.live': live }: ResolvedOptions): Fault[] {
  if (ready.value === null || ready.value !== live.value) return []
  return [
    {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `health.ready (${ready.source.label}) and health.live (${live.source.label}) are both ${ready.value}, and say different things while the server stops.`,
      hint: 'Give each a path of its own.',
      source: live.source.label,
    },
  ]
}
