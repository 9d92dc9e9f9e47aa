import { within } from '../../../platform/system/within.ts'
import type { Sibling } from '../siblings/sibling.ts'
import type { FromWorker, ToWorker } from '../wire/messages.ts'

/** For how long a worker is waited for that blocks its event loop. It reads the list before any request that comes later over its own pipe. */
const answerMs = 1_000

/** Reports to one worker which siblings it has. */
export class SiblingsExchange {
  readonly #send: (message: Extract<ToWorker, { type: 'siblings' }>) => void
  readonly #asked = new Map<number, PromiseWithResolvers<void>>()
  #requests = 0

  constructor(send: (message: Extract<ToWorker, { type: 'siblings' }>) => void) {
    this.#send = send
  }

  /** Resolves when the worker knows them, is gone, or takes too long. */
  async publish(siblings: readonly Sibling[]): Promise<void> {
    this.#requests += 1
    const asked = Promise.withResolvers<void>()
    this.#asked.set(this.#requests, asked)
    this.#send({ type: 'siblings', request: this.#requests, siblings })
    await within(asked.promise, answerMs)
  }

  /** Returns false for an answer to nothing that was asked. */
  receive({ request }: Extract<FromWorker, { type: 'siblings-known' }>): boolean {
    this.#asked.get(request)?.resolve()
    return this.#asked.delete(request)
  }

  /** The worker has ended. */
  end(): void {
    for (const asked of this.#asked.values()) asked.resolve()
  }
}
