import type { FromWorker, ToWorker, WithSocket } from '../wire/messages.ts'

type Answer = Extract<FromWorker, { type: 'listening' | 'listen-failed' }>
type Listen = Extract<ToWorker, { type: 'listen' }>

interface SendingChannel {
  send(message: Exclude<ToWorker, WithSocket>): void
  /** Returns the number of the message. */
  sendWith(message: Listen, handle: object): number
}

/**
 * The primary's side of giving a worker a socket to accept from. It resolves with `null` when the worker accepts, or with the code of
 * the error. When the worker has ended, it resolves with `null` too: its successor is given the socket again.
 */
export class ListenExchange {
  readonly #channel: SendingChannel
  readonly #awaitAnswer: (answered: Promise<unknown>) => void
  /** By the number of the message. */
  readonly #asked = new Map<number, (code: string | null) => void>()
  #gone = false
  #leaving: PromiseWithResolvers<void> | undefined

  constructor(
    channel: SendingChannel,
    {
      awaitAnswer,
    }: {
      /** Ends a worker that does not answer in time. */
      awaitAnswer: (answered: Promise<unknown>) => void
    },
  ) {
    this.#channel = channel
    this.#awaitAnswer = awaitAnswer
  }

  listen(message: Omit<Listen, 'type'>, handle: object): Promise<string | null> {
    if (this.#gone) return Promise.resolve(null)
    const answered = Promise.withResolvers<string | null>()
    this.#asked.set(this.#channel.sendWith({ type: 'listen', ...message }, handle), answered.resolve)
    this.#awaitAnswer(answered.promise)
    return answered.promise
  }

  unlisten(socket: number): void {
    this.#channel.send({ type: 'unlisten', socket })
  }

  /** The server stops, and another worker has all sockets. Resolves when this one has none any more, or has ended. */
  leave(): Promise<void> {
    this.#leaving = Promise.withResolvers()
    if (this.#gone) this.#leaving.resolve()
    else this.#channel.send({ type: 'leave' })
    return this.#leaving.promise
  }

  /** Returns false when that was not asked. */
  left(): boolean {
    this.#leaving?.resolve()
    return this.#leaving !== undefined
  }

  /** The whole server stops: no other process takes what waits in the queues. */
  unlistenAll(): void {
    this.#channel.send({ type: 'unlisten-all' })
  }

  /** Returns false when that was not asked. */
  receive(answer: Answer): boolean {
    return this.#settle(answer.number, answer.type === 'listening' ? null : answer.code)
  }

  /** The message came without its socket: the worker has no free descriptor. Returns false when that was not asked. */
  missed(number: number): boolean {
    return this.#settle(number, 'EMFILE')
  }

  /** To be called when the worker has ended. */
  end(): void {
    this.#gone = true
    this.#leaving?.resolve()
    for (const number of this.#asked.keys()) this.#settle(number, null)
  }

  #settle(number: number, code: string | null): boolean {
    this.#asked.get(number)?.(code)
    return this.#asked.delete(number)
  }
}
