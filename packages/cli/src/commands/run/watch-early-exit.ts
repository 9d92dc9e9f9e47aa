import { LaunchError } from '@lockstep/core/internal'
import { renderFaults } from '../../render/faults.ts'
import type { Output } from '../command.ts'

/**
 * Reports an app that ends this process while it is loaded (`process.exit()`, an uncaught exception), which would
 * else look like a server that stopped as asked. In a worker the primary sees the same, with the same code.
 */
export function watchEarlyExit(output: Output): Disposable {
  const onExit = (code: number): void => {
    const error = new LaunchError({
      code: 'LOCKSTEP_ERR_WORKER_BOOT',
      message: `The app ended this process before it was ready (exit code ${code}).`,
      hint: 'Its output is above. Something in the app ends the process while it loads.',
    })
    output.err(renderFaults(error.faults))
    process.exitCode = error.exitCode
  }
  process.once('exit', onExit)
  return { [Symbol.dispose]: () => void process.off('exit', onExit) }
}
