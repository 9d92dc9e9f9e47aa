import { type Fault, LaunchError } from '@lockstep/core/internal'
import type { Reporter } from './reporter.ts'

/** Code of the user that runs in this process before a server is ready. */
const codes = {
  app: (code: number): Fault => ({
    code: 'LOCKSTEP_ERR_WORKER_BOOT',
    message: `The app ended this process before it was ready (exit code ${code}).`,
    hint: 'Its output is above. Something in the app ends the process while it loads.',
  }),
  configuration: (code: number): Fault => ({
    code: 'LOCKSTEP_ERR_CONFIG_UNREADABLE',
    message: `This process was ended (exit code ${code}) while the options were read.`,
    hint: 'Its output is above. Something in the configuration file, in a module that it imports, or in the backend calls process.exit(), or throws an error that nothing catches.',
  }),
}

/**
 * Reports code of the user that ends this process while it is loaded (`process.exit()`, an uncaught exception), which would
 * else look like a command that has done its work. In a worker the primary sees the same, with the same code.
 */
export function watchEarlyExit(report: Reporter, of: keyof typeof codes): Disposable {
  const onExit = (code: number): void => {
    const error = new LaunchError(codes[of](code))
    report.failed(error)
    process.exitCode = error.exitCode
  }
  process.once('exit', onExit)
  return { [Symbol.dispose]: () => void process.off('exit', onExit) }
}
