import { LaunchError } from '../errors/launch-error.ts'
import { headlineOf } from '../errors/thrown.ts'

/** An exception that nothing caught, while the launch was not announced yet. */
export function crashOf(cause: unknown): LaunchError {
  // What the launcher refuses says more than the end of the process.
  if (cause instanceof LaunchError) return cause
  const what = headlineOf(cause)
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_CRASH',
    message: `The app threw an exception that nothing caught: ${what}${/[.!?]\s*$/.test(what) ? '' : '.'}`,
    hint: 'Catch it, or remove what causes it: without a handler it ends the process.',
    cause,
  })
}
