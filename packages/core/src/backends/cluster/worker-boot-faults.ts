import { LaunchError } from '../../errors/launch-error.ts'

export interface WorkerEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The system could not start a process. */
export function notStarted(id: number, cause: Error): LaunchError {
  return new LaunchError({
    code: 'ERR_WORKER_BOOT',
    message: `No process could be started for worker ${id}: ${cause.message}.`,
    hint: 'EMFILE and ENFILE: raise the limit of open files (`ulimit -n`). EAGAIN: that of processes. ENOMEM: memory has run out.',
    cause,
  })
}

export function diedInBoot(id: number, { code, signal }: WorkerEnd): LaunchError {
  return new LaunchError({
    code: 'ERR_WORKER_BOOT',
    message: `Worker ${id} ended before it was ready (${signal === null ? `exit code ${code}` : signal}).`,
    hint: 'What it wrote before stands above. Something in the app ends the process while it loads.',
  })
}

export function bootedTooLate(id: number, bootMs: number): LaunchError {
  return new LaunchError({
    code: 'ERR_BOOT_TIMEOUT',
    message: `Worker ${id} did not become ready within ${bootMs / 1_000} s, and its event loop does not turn.`,
    hint: 'Raise --boot-timeout, or look for what the app computes at its start.',
  })
}
