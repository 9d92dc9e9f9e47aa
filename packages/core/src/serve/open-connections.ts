import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Which connections are open, which of them ever asked for something, and which requests are in flight. */
export class OpenConnections {
  readonly #sockets = new Set<Socket>()
  /** Under TLS, a connection of HTTP/1 that has finished its handshake; the TCP socket below it stands in `#sockets`. */
  readonly #secured = new Set<Socket>()
  readonly #asked = new WeakSet<Socket>()
  /** The requests in flight: the response of each, with the connection that it belongs to. */
  readonly #exchanges = new Map<ServerResponse, Socket>()
  /** Those among them that are for the app. */
  #forApp = 0
  /** When the last answer on a connection has ended, by `performance.now()`. */
  readonly #answeredAt = new WeakMap<Socket, number>()
  #onEmpty: (() => void) | undefined
  #isOver = false

  /** All of them were cut, and so is whatever still comes. */
  get isOver(): boolean {
    return this.#isOver
  }

  get size(): number {
    return this.#sockets.size
  }

  /** Requests to the app; what the server answers itself does not count. */
  get inFlight(): number {
    return this.#forApp
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
  begin(
    request: IncomingMessage,
    response: ServerResponse,
    { isForApp }: { isForApp: boolean } = { isForApp: true },
  ): void {
    // Over HTTP/2 a request has none any more when it has ended.
    const { socket } = request
    this.#asked.add(socket)
    this.#exchanges.set(response, socket)
    if (isForApp) this.#forApp += 1
    response.once('close', () => {
      this.#exchanges.delete(response)
      this.#answeredAt.set(socket, performance.now())
      if (isForApp) this.#forApp -= 1
    })
  }

  /** Takes note of a connection that speaks another protocol from now on: it is in use, though no request is in flight. */
  upgrade(socket: Socket): void {
    this.#asked.add(socket)
  }

  /** The responses in flight. */
  responses(): ServerResponse[] {
    return [...this.#exchanges.keys()]
  }

  /** The responses in flight of which nothing has been written. */
  unanswered(): ServerResponse[] {
    return [...this.#exchanges.keys()].filter(({ headersSent }) => !headersSent)
  }

  /** Whether no other request is in flight on the connection of a response: requests may be pipelined (RFC 9112 section 9.3.2). */
  isAlone(response: ServerResponse): boolean {
    const connection = this.#exchanges.get(response)
    for (const [other, its] of this.#exchanges) if (its === connection && other !== response) return false
    return true
  }

  /** Closes what was opened in advance and never used, as browsers do: no answer is owed on it. */
  destroyUnused(): void {
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy()
    for (const socket of this.#secured) if (!this.#asked.has(socket)) socket.destroy()
  }

  /**
   * Has these servers close their idle connections, and no others: Node counts a connection as idle as soon as the app has ended the
   * answer on it, though a slow client may still have most of it to come. One that has become idle within `lingerMs` is spared too.
   */
  closeIdle(servers: readonly Server[], { lingerMs }: { lingerMs: number }): void {
    const since = performance.now() - lingerMs
    const recent = [...this.#sockets, ...this.#secured].filter(
      (socket) => (this.#answeredAt.get(socket) ?? 0) > since,
    )
    const busy = new Set([...this.#exchanges.values(), ...recent])
    for (const socket of busy) Object.assign(socket, { destroy: () => socket })
    for (const server of servers) server.closeIdleConnections()
    for (const socket of busy) Reflect.deleteProperty(socket, 'destroy')
  }

  /** For good: nothing may be added after that. */
  destroyAll(): void {
    this.#isOver = true
    for (const socket of this.#sockets) socket.destroy()
  }

  whenEmpty(): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onEmpty = resolve
    })
  }
}
