import type { Socket } from 'node:net'
import { plainAddress } from '../../../platform/net/address/plain-address.ts'
import { ownerOfAddress } from '../../../sticky/owner-of-address.ts'
import type { WorkerHandle } from './worker-handle.ts'

/** How many connections wait here while no worker is ready; more are closed. */
const longestQueue = 4_096

/** How many connections more may be on their way to the worker of an address than to others: one that hangs acknowledges none. */
const mostAhead = 16

/**
 * Spreads connections over the workers: to the one with the fewest on their way, and among equals in rounds in which each has one turn.
 * The order within a round is random: a browser that opens its connections in pairs, and uses every second one, would else always
 * meet the same worker. A worker that hangs does not acknowledge, so it soon gets no more. While none is ready, connections wait.
 */
export class Dispatcher {
  readonly #waiting: Socket[] = []
  /** Whose turn is still to come in this round. */
  #round: readonly WorkerHandle[] = []

  readonly #workers: () => readonly WorkerHandle[]
  readonly #byAddress: boolean

  /** `byAddress`: the address of a connection decides on its worker, which then need not pass its requests on. */
  constructor(workers: () => readonly WorkerHandle[], { byAddress = false }: { byAddress?: boolean } = {}) {
    this.#workers = workers
    this.#byAddress = byAddress
  }

  /** Returns the worker that gets it; `undefined`: it waits, or was closed. */
  dispatch(socket: Socket): WorkerHandle | undefined {
    // The worker that gets it reports its errors; here they would only be unhandled.
    if (socket.listenerCount('error') === 0) socket.on('error', () => undefined)
    const worker = this.#pick(socket)
    if (worker) worker.handOver(socket)
    else if (this.#waiting.length < longestQueue) this.#waiting.push(socket)
    else socket.destroy()
    return worker
  }

  /** To be called when a worker becomes ready. */
  flush(): void {
    for (const socket of this.#waiting.splice(0)) this.dispatch(socket)
  }

  /** Closes what still waits. */
  close(): void {
    for (const socket of this.#waiting.splice(0)) socket.destroy()
  }

  #pick(socket: Socket): WorkerHandle | undefined {
    const ready = this.#workers().filter((worker) => worker.state === 'ready')
    const fewest = Math.min(...ready.map(({ pendingCount }) => pendingCount))
    const owner = this.#byAddress ? ownerOf(socket, ready) : null
    if (owner && owner.pendingCount < fewest + mostAhead) return owner
    const candidates = ready.filter(({ pendingCount }) => pendingCount === fewest)
    this.#round = this.#round.filter((worker) => ready.includes(worker))
    if (!this.#round.some((worker) => candidates.includes(worker))) this.#round = shuffled(ready)
    const next = this.#round.find((worker) => candidates.includes(worker))
    this.#round = this.#round.filter((worker) => worker !== next)
    return next
  }
}

function ownerOf({ remoteAddress }: Socket, ready: readonly WorkerHandle[]): WorkerHandle | null {
  if (remoteAddress === undefined) return null
  const owners = ready.map((handle) => ({ worker: handle.id, handle }))
  return ownerOfAddress(plainAddress(remoteAddress), owners)?.handle ?? null
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[order[last], order[other]] = [order[other] as Item, order[last] as Item]
  }
  return order
}
