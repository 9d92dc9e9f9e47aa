/** How long a message may lag behind one that was sent later over the other way. It comes within a millisecond, or never. */
const patienceMs = 1_000

interface Arrival<Message> {
  readonly number: number
  readonly message: Message
  readonly handle: object | null
}

/**
 * Puts messages that come over two ways back into the order in which they were numbered. A number that does not come is one whose
 * socket has got lost on the way, together with its message, and is passed over.
 */
export class InOrder<Message> {
  readonly #onMessage: (arrival: Arrival<Message>) => void
  readonly #onLost: (number: number) => void
  readonly #early = new Map<number, Arrival<Message>>()
  #next = 0
  #timer: NodeJS.Timeout | undefined

  constructor({
    onMessage,
    onLost,
  }: {
    onMessage: (arrival: Arrival<Message>) => void
    onLost: (number: number) => void
  }) {
    this.#onMessage = onMessage
    this.#onLost = onLost
  }

  /** Returns false for a message that comes after it was passed over. */
  receive(arrival: Arrival<Message>): boolean {
    if (arrival.number < this.#next) return false
    this.#early.set(arrival.number, arrival)
    this.#deliver()
    return true
  }

  #deliver(): void {
    for (;;) {
      const arrival = this.#early.get(this.#next)
      if (!arrival) break
      this.#early.delete(this.#next)
      this.#next += 1
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.#onMessage(arrival)
    }
    if (this.#early.size > 0) this.#timer ??= setTimeout(() => this.#passOver(), patienceMs)
  }

  #passOver(): void {
    this.#timer = undefined
    const lost = this.#next
    this.#next += 1
    this.#onLost(lost)
    this.#deliver()
  }
}
