import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Which connections are open, which of them ever asked for something, and how many requests are in flight. */
export class OpenConnections {
  readonly #sockets = new Set<Socket>()
  /** Under TLS, a connection of HTTP/1 that has finished its handshake; the TCP socket below it stands in `#sockets`. */
  readonly #secured = new Set<Socket>()
  readonly #asked = new WeakSet<Socket>()
  #inFlight = 0
  #onEmpty: (() => void) | undefined

  get size(): number {
    return this.#sockets.size
  }

  get inFlight(): number {
    return this.#inFlight
  }

  add(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      if (this.#sockets.size === 0) this.#onEmpty?.()
    })
  }

  addSecured(socket: Socket): void {
    this.#secured.add(socket)
    socket.once('close', () => this.#secured.delete(socket))
  }

  /** Counts a request until its response has ended or its connection is gone. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    this.#asked.add(request.socket)
    this.#inFlight += 1
    response.once('close', () => {
      this.#inFlight -= 1
    })
  }

  /** Closes what was opened in advance and never used, as browsers do: no answer is owed on it. */
  destroyUnused(): void {
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy()
    for (const socket of this.#secured) if (!this.#asked.has(socket)) socket.destroy()
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  whenEmpty(): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onEmpty = resolve
    })
  }
}
