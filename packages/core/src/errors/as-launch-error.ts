import { LaunchError } from './launch-error.ts'
import { messageOf } from './thrown.ts'

/** Passes a `LaunchError` on and wraps anything else, so that callers see one kind of error. */
export function asLaunchError(error: unknown): LaunchError {
  if (error instanceof LaunchError) return error
  return new LaunchError({
    code: 'ERR_INTERNAL',
    message: messageOf(error),
    hint: 'This is not foreseen. Please report it, with the stack.',
    cause: error,
  })
}
