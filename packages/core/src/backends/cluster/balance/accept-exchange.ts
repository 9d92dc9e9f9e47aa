import type { ConnectionEnds } from '../../../platform/net/accept-watch.ts'
import type { FromWorker, ToWorker } from '../wire/messages.ts'

type Question = Extract<ToWorker, { type: 'watch-accepts' | 'which-accepted' }>

/** What a worker may take to answer. One that takes longer blocks its event loop, and has answered no client either. */
const answerMs = 5_000

/** The primary's side of asking one worker which connections it has accepted. */
export class AcceptExchange {
  readonly #send: (message: Question) => void
  readonly #asked = new Map<
    number,
    { connections: readonly ConnectionEnds[]; answer: (accepted: readonly ConnectionEnds[]) => void }
  >()
  #requests = 0
  #probes = 0
  #isWatched = false
  #gone = false

  constructor(send: (message: Question) => void) {
    this.#send = send
  }

  watch(isOn: boolean): void {
    if (isOn === this.#isWatched) return
    this.#isWatched = isOn
    this.#send({ type: 'watch-accepts', isOn })
  }

  /** How many connections of the launcher itself the worker has accepted. */
  get probes(): number {
    return this.#probes
  }

  /** One that the primary has accepted, and handed over. */
  countProbe(): void {
    this.#probes += 1
  }

  /** Those of these connections that the worker has accepted since it is watched. None when it has ended or does not answer. */
  async accepted(connections: readonly ConnectionEnds[]): Promise<readonly ConnectionEnds[]> {
    if (this.#gone || !this.#isWatched) return []
    this.#requests += 1
    const request = this.#requests
    const answered = Promise.withResolvers<readonly ConnectionEnds[]>()
    this.#asked.set(request, { connections, answer: answered.resolve })
    this.#send({ type: 'which-accepted', request, connections })
    const late = setTimeout(() => answered.resolve([]), answerMs)
    try {
      return await answered.promise
    } finally {
      clearTimeout(late)
    }
  }

  /** Returns false for an answer to nothing that was asked. One that comes too late is let pass. */
  receive({ request, indexes }: Extract<FromWorker, { type: 'accepted-of' }>): boolean {
    const asked = this.#asked.get(request)
    this.#asked.delete(request)
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
