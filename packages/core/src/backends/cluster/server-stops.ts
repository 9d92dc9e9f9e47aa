import { LaunchError } from '../../errors/launch-error.ts'

/** Why a change of the workers does not come about any more. */
export function serverStops(): LaunchError {
  return new LaunchError({
    code: 'ERR_SCALE_REFUSED',
    message: 'The workers can not be changed now: the server stops.',
    hint: 'Workers are changed between the start and the stop of a server.',
  })
}
