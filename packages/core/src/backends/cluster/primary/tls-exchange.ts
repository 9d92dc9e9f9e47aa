import { deserialiseFaults } from '../../../errors/serialise-error.ts'
import type { PlannedTls } from '../../../tls/planned-tls.ts'
import type { FromWorker, ToWorker } from '../wire/messages.ts'

type Question = Extract<ToWorker, { snapshot: number }>
type Answer = Extract<FromWorker, { type: 'tls-prepared' | 'tls-committed' | 'tls-failed' }>

/**
 * The primary's side of giving one worker a new TLS snapshot. Each step resolves when the worker has acknowledged it, or has ended: then its
 * successor starts with what holds by then. A worker whose event loop is blocked is ended by the hang watch, so a step
 * always settles. Answers come in the order of the questions.
 */
export class TlsExchange {
  readonly #send: (message: Question) => void
  readonly #awaitAnswer: (answered: Promise<void>) => void
  readonly #waiting: PromiseWithResolvers<void>[] = []
  #gone = false

  constructor({
    send,
    awaitAnswer,
  }: {
    send: (message: Question) => void
    /** Ends a worker that does not answer in time. */
    awaitAnswer: (answered: Promise<void>) => void
  }) {
    this.#send = send
    this.#awaitAnswer = awaitAnswer
  }

  /** Rejects with a `LaunchError` when the worker can't build the snapshot. */
  prepare(snapshot: number, tls: PlannedTls): Promise<void> {
    return this.#ask({ type: 'prepare-tls', snapshot, tls })
  }

  commit(snapshot: number): Promise<void> {
    return this.#ask({ type: 'commit-tls', snapshot })
  }

  /** Returns false when no step waits for an answer. */
  receive(answer: Answer): boolean {
    const waiting = this.#waiting.shift()
    if (answer.type === 'tls-failed') waiting?.reject(deserialiseFaults(answer.faults))
    else waiting?.resolve()
    return waiting !== undefined
  }

  /** To be called when the worker has ended. */
  end(): void {
    this.#gone = true
    for (const waiting of this.#waiting.splice(0)) waiting.resolve()
  }

  #ask(message: Question): Promise<void> {
    if (this.#gone) return Promise.resolve()
    const answered = Promise.withResolvers<void>()
    this.#waiting.push(answered)
    this.#send(message)
    this.#awaitAnswer(answered.promise)
    return answered.promise
  }
}
