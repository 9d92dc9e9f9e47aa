import { LaunchError } from '../../../errors/launch-error.ts'
import { deserialiseFaults } from '../../../errors/serialise-error.ts'
import type { FromWorker, ToWorker } from '../wire/messages.ts'

/** How long a worker may take to open its logs again. One that takes longer blocks its event loop. */
const answerMs = 5_000

/** Asks one worker to open its logs again. */
export class LogExchange {
  readonly #send: (message: Extract<ToWorker, { type: 'reopen-logs' }>) => void
  readonly #asked = new Map<number, PromiseWithResolvers<void>>()
  #requests = 0

  constructor(send: (message: Extract<ToWorker, { type: 'reopen-logs' }>) => void) {
    this.#send = send
  }

  /** Resolves when the worker has done it, or is gone; rejects with a `LaunchError`. */
  async reopen(worker: { readonly id: number; readonly pid: number }): Promise<void> {
    this.#requests += 1
    const request = this.#requests
    const asked = Promise.withResolvers<void>()
    this.#asked.set(request, asked)
    const late = setTimeout(() => asked.reject(tooLate(worker)), answerMs)
    this.#send({ type: 'reopen-logs', request })
    try {
      await asked.promise
    } finally {
      clearTimeout(late)
    }
  }

  /** Returns false for an answer to nothing that was asked. One that comes too late is let pass. */
  receive({ request, faults }: Extract<FromWorker, { type: 'logs-reopened' }>): boolean {
    const asked = this.#asked.get(request)
    if (!this.#asked.delete(request)) return false
    if (faults.length === 0) asked?.resolve()
    else asked?.reject(deserialiseFaults(faults))
    return true
  }

  /** The worker has ended, and holds no file any more. */
  end(): void {
    for (const asked of this.#asked.values()) asked.resolve()
  }
}

function tooLate({ id, pid }: { readonly id: number; readonly pid: number }): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_LOG_FILE',
    message: `Worker ${id} (process ${pid}) has not opened its logs again within ${answerMs / 1_000} s.`,
    hint: 'It blocks its event loop, and opens them when it goes on. `lockstep stacks` shows what it executes.',
  })
}
