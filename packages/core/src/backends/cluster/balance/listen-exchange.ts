import type { FromWorker, ToWorker } from '../messages.ts'

type Answer = Extract<FromWorker, { type: 'listening' | 'listen-failed' }>
type Listen = Extract<ToWorker, { type: 'listen' }>

/**
 * The primary's side of giving a worker a socket to accept from: resolves when it does so, with the code of the error if it can't,
 * or with `null`, also when the worker has ended: its successor is given the socket anew.
 */
export class ListenExchange {
  readonly #send: (message: ToWorker, handle?: object) => void
  readonly #waiting = new Map<number, (code: string | null) => void>()
  #gone = false

  constructor(send: (message: ToWorker, handle?: object) => void) {
    this.#send = send
  }

  listen(message: Omit<Listen, 'type'>, handle: object): Promise<string | null> {
    if (this.#gone) return Promise.resolve(null)
    const answered = Promise.withResolvers<string | null>()
    this.#waiting.set(message.socket, answered.resolve)
    this.#send({ type: 'listen', ...message }, handle)
    return answered.promise
  }

  unlisten(socket: number): void {
    this.#send({ type: 'unlisten', socket })
  }

  /** The whole server stops: nobody else takes what waits in the queues. */
  unlistenAll(): void {
    this.#send({ type: 'unlisten-all' })
  }

  receive(answer: Answer): void {
    this.#waiting.get(answer.socket)?.(answer.type === 'listening' ? null : answer.code)
    this.#waiting.delete(answer.socket)
  }

  /** To be called when the worker has ended. */
  end(): void {
    this.#gone = true
    for (const settle of this.#waiting.values()) settle(null)
    this.#waiting.clear()
  }
}
