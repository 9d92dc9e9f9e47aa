import type { ConnectionEnds } from '../../../platform/net/accept-watch.ts'
import type { FromWorker, ToWorker } from '../wire/messages.ts'

type Message = Extract<ToWorker, { type: 'watch-accepts' | 'forget-accepts' | 'which-accepted' }>
type Answer = Extract<FromWorker, { type: 'watching-accepts' | 'accepted-of' }>

interface Asked {
  readonly connections: readonly ConnectionEnds[]
  readonly answer: (accepted: readonly ConnectionEnds[]) => void
}

/** The primary's side of asking one worker which connections it has accepted. */
export class AcceptExchange {
  readonly #send: (message: Message) => void
  readonly #awaitAnswer: (answered: Promise<unknown>) => void
  readonly #asked = new Map<number, Asked>()
  #requests = 0
  #probes = 0
  #watching: Promise<unknown> | null = null
  #gone = false

  constructor({
    send,
    awaitAnswer,
  }: {
    send: (message: Message) => void
    /** Ends a worker that does not answer in time. */
    awaitAnswer: (answered: Promise<unknown>) => void
  }) {
    this.#send = send
    this.#awaitAnswer = awaitAnswer
  }

  /**
   * Resolves when the worker remembers what it accepts, or has ended. Until then it may accept a connection that it forgets: the message and
   * the connection come over two ways.
   */
  async watch(): Promise<void> {
    this.#watching ??= this.#ask([], (request) => ({ type: 'watch-accepts', request }))
    await this.#watching
  }

  forget(): void {
    if (this.#watching === null) return
    this.#watching = null
    this.#send({ type: 'forget-accepts' })
  }

  /** How many connections of the launcher itself the worker has accepted. */
  get probes(): number {
    return this.#probes
  }

  /** One that the primary has accepted, and handed over. */
  countProbe(): void {
    this.#probes += 1
  }

  /** Those of these connections that the worker has accepted since it is watched. None when it has ended. */
  async accepted(connections: readonly ConnectionEnds[]): Promise<readonly ConnectionEnds[]> {
    if (this.#watching === null) return []
    return this.#ask(connections, (request) => ({ type: 'which-accepted', request, connections }))
  }

  /** Returns false for an answer to nothing that was asked. */
  receive(answer: Answer): boolean {
    const asked = this.#asked.get(answer.request)
    this.#asked.delete(answer.request)
    const indexes = answer.type === 'accepted-of' ? answer.indexes : []
    const accepted = indexes.flatMap((index) => asked?.connections[index] ?? [])
    this.#probes += accepted.length
    asked?.answer(accepted)
    return asked !== undefined
  }

  /** To be called when the worker has ended. */
  end(): void {
    this.#gone = true
    for (const { answer } of this.#asked.values()) answer([])
    this.#asked.clear()
  }

  #ask(
    connections: readonly ConnectionEnds[],
    messageOf: (request: number) => Message,
  ): Promise<readonly ConnectionEnds[]> {
    if (this.#gone) return Promise.resolve([])
    this.#requests += 1
    const answered = Promise.withResolvers<readonly ConnectionEnds[]>()
    this.#asked.set(this.#requests, { connections, answer: answered.resolve })
    this.#send(messageOf(this.#requests))
    this.#awaitAnswer(answered.promise)
    return answered.promise
  }
}

/** Which of these connections any of the workers has accepted. Once all are found, a worker that is busy is not waited for. */
export async function acceptedByAny(
  exchanges: readonly AcceptExchange[],
  connections: readonly ConnectionEnds[],
): Promise<ReadonlySet<ConnectionEnds>> {
  const found = new Set<ConnectionEnds>()
  const all = Promise.withResolvers<void>()
  const answers = exchanges.map(async (exchange) => {
    for (const ends of await exchange.accepted(connections)) found.add(ends)
    if (connections.every((ends) => found.has(ends))) all.resolve()
  })
  await Promise.race([Promise.all(answers), all.promise])
  return found
}
