import { LaunchError } from '@lockstep/core/internal'
import type { Reporter } from '../reporter.ts'

/**
 * Reports an app that ends this process while it is loaded (`process.exit()`, an uncaught exception), which would
 * else look like a server that stopped as asked. In a worker the primary sees the same, with the same code.
 */
export function watchEarlyExit(report: Reporter): Disposable {
  const onExit = (code: number): void => {
    const error = new LaunchError({
      code: 'LOCKSTEP_ERR_WORKER_BOOT',
      message: `The app ended this process before it was ready (exit code ${code}).`,
      hint: 'Its output is above. Something in the app ends the process while it loads.',
    })
    report.failed(error)
    process.exitCode = error.exitCode
  }
  process.once('exit', onExit)
  return { [Symbol.dispose]: () => void process.off('exit', onExit) }
}
