import { crashOf } from '../../app/crash.ts'
import type { LaunchError } from '../../errors/launch-error.ts'

export interface CrashWatch extends Disposable {
  readonly crashed: Promise<LaunchError>
}

/**
 * Takes an exception that nothing caught for the failure of the launch, instead of the end of this process. It can't find out whose exception
 * that is, so it is for a process of the launcher's own and until the launch is announced. It steps back when an app listens too.
 */
export function watchForCrash(): CrashWatch {
  const crashed = Promise.withResolvers<LaunchError>()
  const onError = (error: unknown): void => {
    if (process.listenerCount('uncaughtException') === 1) crashed.resolve(crashOf(error))
  }
  process.on('uncaughtException', onError)
  return {
    crashed: crashed.promise,
    [Symbol.dispose]: () => void process.off('uncaughtException', onError),
  }
}
