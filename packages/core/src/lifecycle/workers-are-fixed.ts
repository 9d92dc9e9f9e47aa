import { LaunchError } from '../errors/launch-error.ts'
import type { LifecycleState } from './lifecycle.ts'

/** Why a change of the workers does not come about in this state of the server. */
export function workersAreFixed(state: LifecycleState): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_SCALE_REFUSED',
    message: `The workers cannot be changed now: the server is ${state}.`,
    hint: 'Workers are changed between the start and the stop of a server.',
  })
}
