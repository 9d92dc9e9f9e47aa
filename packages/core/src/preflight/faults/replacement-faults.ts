import type { Fault } from '../../errors/launch-error.ts'
import type { Resolved, ResolvedOptions } from '../../options/resolve-options.ts'

/** A reload that may neither start one more worker nor do without one could never begin; and a jitter without its limit is dropped. */
export function replacementFaults(options: ResolvedOptions): Fault[] {
  const { 'reload.maxSurge': surge, 'reload.maxUnavailable': unavailable, 'reload.mode': mode } = options
  const never: Fault[] =
    mode.value === 'replace' && surge.value === 0 && unavailable.value === 0
      ? [
          {
            code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
            message:
              'reload.maxSurge and reload.maxUnavailable are both 0, so no worker could ever be replaced.',
            hint: 'Allow one worker more (--max-surge 1) or one less (--max-unavailable 1) while a reload runs.',
            source: surge.source.label,
          },
        ]
      : []
  return [
    ...never,
    ...(mode.value === 'restart' ? [surge, unavailable].flatMap(withoutEffectOnRestart) : []),
    ...withoutLimit(options, { jitter: 'recycle.maxRequestsJitter', limit: 'recycle.maxRequests' }),
    ...withoutLimit(options, { jitter: 'recycle.lifetimeJitter', limit: 'recycle.lifetime' }),
  ]
}

/** A restart ends each process before it starts the next one, so there is never one more, and always one less. */
function withoutEffectOnRestart({ source }: Resolved<number>): Fault[] {
  if (source.kind === 'default') return []
  return [
    {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `${source.label} has no effect with reload.mode restart, which ends each process before it starts the next one.`,
      hint: 'Leave one of them out.',
      source: source.label,
    },
  ]
}

function withoutLimit(
  options: ResolvedOptions,
  {
    jitter,
    limit,
  }: {
    jitter: 'recycle.maxRequestsJitter' | 'recycle.lifetimeJitter'
    limit: 'recycle.maxRequests' | 'recycle.lifetime'
  },
): Fault[] {
  if (options[jitter].value === null || options[limit].value !== null) return []
  return [
    {
      code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
      message: `${jitter} is set, but ${limit} is not: there is no limit that it could spread.`,
      hint: `Set ${limit} too, or leave ${jitter} out.`,
      source: options[jitter].source.label,
    },
  ]
}
