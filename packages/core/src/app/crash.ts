import { LaunchError } from '../errors/launch-error.ts'

/** An exception that nothing caught, while the launch was not announced yet. */
export function crashOf(cause: unknown): LaunchError {
  const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  return new LaunchError({
    code: 'ERR_APP_CRASH',
    message: `The app threw an exception that nothing caught: ${what.replaceAll(/\s+/g, ' ')}${/[.!?]\s*$/.test(what) ? '' : '.'}`,
    hint: 'Catch it, or remove what causes it: without a handler it ends the process.',
    cause,
  })
}
