import type { Socket } from 'node:net'
import type { WorkerHandle } from './worker-handle.ts'

/** How many connections wait here while no worker is ready; more are closed. */
const longestQueue = 4_096

/**
 * Spreads connections over the workers: to whom has the fewest on their way, in turn among equals. A worker that hangs does
 * not acknowledge, so it soon gets no more. While no worker is ready, connections wait.
 */
export class Dispatcher {
  readonly #waiting: Socket[] = []
  #turn = 0

  readonly #workers: () => readonly WorkerHandle[]

  constructor(workers: () => readonly WorkerHandle[]) {
    this.#workers = workers
  }

  dispatch(socket: Socket): void {
    // The worker that gets it reports its errors; here they would only be unhandled.
    if (socket.listenerCount('error') === 0) socket.on('error', () => undefined)
    const worker = this.#pick()
    if (worker) worker.handOver(socket)
    else if (this.#waiting.length < longestQueue) this.#waiting.push(socket)
    else socket.destroy()
  }

  /** To be called when a worker becomes ready. */
  flush(): void {
    for (const socket of this.#waiting.splice(0)) this.dispatch(socket)
  }

  /** Closes what still waits. */
  close(): void {
    for (const socket of this.#waiting.splice(0)) socket.destroy()
  }

  #pick(): WorkerHandle | undefined {
    const ready = this.#workers().filter((worker) => worker.state === 'ready')
    this.#turn += 1
    const inTurn = ready.map((_, index) => ready[(index + this.#turn) % ready.length] as WorkerHandle)
    return inTurn.reduce<WorkerHandle | undefined>(
      (best, worker) => (best && best.pendingCount <= worker.pendingCount ? best : worker),
      undefined,
    )
  }
}
