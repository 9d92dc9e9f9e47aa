import type { Socket } from 'node:net'

/** For how long a connection waits that could not be taken: the next worker, or the same one, may have no free descriptor either. */
const pauseMs = 100

/**
 * The connections that are on their way to a worker. Our copy of each is kept until the worker says that it holds its own. A worker
 * without a free descriptor can't take one, and says so.
 */
export class HandOvers {
  readonly #onLost: (sockets: readonly Socket[]) => void
  readonly #pending = new Map<number, Socket>()
  readonly #lost: Socket[] = []
  #lostInARow = 0
  #timer: NodeJS.Timeout | undefined

  constructor(onLost: (sockets: readonly Socket[]) => void) {
    this.#onLost = onLost
  }

  /** What has got lost counts too until one arrives again, so that others are preferred. */
  get count(): number {
    return this.#pending.size + this.#lostInARow
  }

  add(number: number, socket: Socket): void {
    this.#pending.set(number, socket)
  }

  /** The worker holds it, so our copy is closed. Returns false when no such connection is on its way. */
  accepted(number: number): boolean {
    const socket = this.#pending.get(number)
    socket?.destroy()
    this.#lostInARow = 0
    return this.#pending.delete(number)
  }

  /** The worker could not take it. Returns false when no such connection is on its way. */
  missed(number: number): boolean {
    const socket = this.#pending.get(number)
    if (!socket) return false
    this.#pending.delete(number)
    this.#lost.push(socket)
    this.#lostInARow += 1
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#onLost(this.#lost.splice(0))
    }, pauseMs)
    return true
  }

  /** All that it never accepted, of a worker that has ended. */
  takeBack(): Socket[] {
    clearTimeout(this.#timer)
    const sockets = [...this.#lost.splice(0), ...this.#pending.values()]
    this.#pending.clear()
    return sockets
  }
}
