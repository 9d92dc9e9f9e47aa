import type { Socket } from 'node:net'

/** After how long it is asked whether what is still on its way has got lost. */
const askAfterMs = 100

/**
 * The connections that are on their way to a worker. Our copy of each is kept until the worker says that it holds its own. A worker
 * without a free descriptor can't take one, and Node then drops the message after some attempts; that is found out by a question
 * which is sent after it: messages keep their order, so whatever was not accepted when the answer comes has got lost.
 */
export class HandOvers {
  readonly #ask: (upTo: number) => void
  readonly #onLost: (sockets: readonly Socket[]) => void
  readonly #pending = new Map<number, Socket>()
  #next = 0
  #lostInARow = 0
  #timer: NodeJS.Timeout | undefined

  constructor({
    ask,
    onLost,
  }: {
    /** Sends the question about all up to this one. */
    ask: (upTo: number) => void
    onLost: (sockets: readonly Socket[]) => void
  }) {
    this.#ask = ask
    this.#onLost = onLost
  }

  /** What has got lost counts too until one arrives again, so that others are preferred. */
  get count(): number {
    return this.#pending.size + this.#lostInARow
  }

  /** Gives the number under which it is sent. */
  add(socket: Socket): number {
    const id = this.#next++
    this.#pending.set(id, socket)
    this.#timer ??= setTimeout(() => this.#look(), askAfterMs).unref()
    return id
  }

  /** The worker holds it; we let go of our copy. */
  accepted(id: number): void {
    this.#pending.get(id)?.destroy()
    this.#pending.delete(id)
    this.#lostInARow = 0
  }

  /** The answer to the question. */
  answered(upTo: number): void {
    const lost = [...this.#pending].filter(([id]) => id <= upTo)
    for (const [id] of lost) this.#pending.delete(id)
    this.#lostInARow += lost.length
    this.#timer = undefined
    if (this.#pending.size > 0) this.#timer = setTimeout(() => this.#look(), askAfterMs).unref()
    if (lost.length > 0) this.#onLost(lost.map(([, socket]) => socket))
  }

  /** All that it never accepted, of a worker that has ended. */
  takeBack(): Socket[] {
    clearTimeout(this.#timer)
    const sockets = [...this.#pending.values()]
    this.#pending.clear()
    return sockets
  }

  #look(): void {
    // While the question is open, the timer stands for it: there is one at a time.
    if (this.#pending.size > 0) this.#ask(this.#next - 1)
    else this.#timer = undefined
  }
}
