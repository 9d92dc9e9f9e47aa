import type { Socket } from 'node:net'

/**
 * Holds connections back until there is a server for them: a port that only root can bind is bound before the app is loaded, as
 * another user. They must be paused, so that no byte is read before.
 */
export class ConnectionGate {
  readonly #waiting = new Map<Socket, (socket: Socket) => void>()
  #isOpen = false

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Serves a connection, now or when the gate opens. */
  pass(socket: Socket, serve: (socket: Socket) => void): void {
    if (this.#isOpen) {
      serve(socket)
      if (socket.readableFlowing === false) socket.resume()
      return
    }
    this.#waiting.set(socket, serve)
    socket.on('error', () => undefined)
    socket.once('close', () => this.#waiting.delete(socket))
  }

  open(): void {
    this.#isOpen = true
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const [socket, serve] of waiting) this.pass(socket, serve)
  }

  /** There will be no server. */
  close(): void {
    for (const socket of this.#waiting.keys()) socket.destroy()
  }
}
