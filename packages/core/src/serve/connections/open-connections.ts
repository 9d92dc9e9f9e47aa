import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { closeIdleConnections } from '../../platform/node/internals/close-idle-connections.ts'
import { announcementOf } from '../proxy-protocol/announced-source.ts'
import type { SentOn } from '../request/observe-request.ts'
import { forgetListeners } from './forget-listeners.ts'
import { type Link, LinkedList } from './linked-list.ts'

/** A request in flight: its response, and the connection that it belongs to. */
interface Exchange extends SentOn {
  readonly request: IncomingMessage
  isForApp: boolean
  onEnd: OnExchangeEnd
}

/** Called when the response of a request has ended or its connection is gone. */
export type OnExchangeEnd = (sent: SentOn) => void

/** Its position in its list is stored on each object, so that all of its kind share a listener: one of its own is what a list costs most. */
const place = Symbol('place')
const addedAt = Symbol('addedAt')

interface PlacedSocket extends Socket {
  [place]: Link<Socket>
  /** By `performance.now()`. */
  [addedAt]: number
}

interface PlacedResponse extends ServerResponse {
  [place]: Link<Exchange>
}

/** A process that blocks its event loop may take this long to learn of a drain. */
const passedLingerMs = 5_000

/** Which connections are open, and which requests are in flight. */
export class OpenConnections {
  readonly #sockets = new LinkedList<Socket>()
  /** Under TLS, a connection of HTTP/1 that has finished its handshake; the TCP socket below it is in `#sockets`. */
  readonly #secured = new LinkedList<Socket>()
  /** Those of other processes that pass requests on. */
  readonly #passed = new Set<Socket>()
  readonly #exchanges = new LinkedList<Exchange>()
  /** Those among them that are for the app. */
  #forApp = 0
  /** When the last answer on a connection ended, by `performance.now()`. Kept only since the drain began. */
  #activeAt: Map<Socket, number> | null = null
  #onEmpty: (() => void) | undefined
  #drainsSince = Number.POSITIVE_INFINITY
  #isOver = false
  readonly #onSocketClose: (this: Socket) => void
  readonly #onSecuredClose: (this: Socket) => void
  readonly #onResponseClose: (this: ServerResponse) => void

  constructor() {
    const open = this
    this.#onSocketClose = function () {
      open.#sockets.remove((this as PlacedSocket)[place])
      forgetListeners(this)
      if (open.#sockets.size === 0) open.#onEmpty?.()
    }
    this.#onSecuredClose = function () {
      open.#secured.remove((this as PlacedSocket)[place])
      forgetListeners(this)
    }
    this.#onResponseClose = function () {
      open.#end((this as PlacedResponse)[place])
    }
  }

  /** All of them were cut, and so is whatever still comes. */
  get isOver(): boolean {
    return this.#isOver
  }

  get size(): number {
    return this.#sockets.size
  }

  /** Without those of other processes that pass requests on. */
  get ofClients(): number {
    return this.#sockets.size - this.#passed.size
  }

  /** Requests to the app; what the server answers itself does not count. */
  get inFlight(): number {
    return this.#forApp
  }

  /** As they were accepted: under TLS, those below it. */
  get connections(): Iterable<Socket> {
    return this.#sockets
  }

  /** Under TLS, those of HTTP/1 that have finished their handshake. */
  get secured(): Iterable<Socket> {
    return this.#secured
  }

  add(socket: Socket): void {
    ;(socket as PlacedSocket)[place] = this.#sockets.add(socket)
    ;(socket as PlacedSocket)[addedAt] = performance.now()
    // It is emitted once, and `once()` would wrap the listener.
    socket.on('close', this.#onSocketClose)
  }

  /** A connection on which another process passes requests on. */
  addPassed(socket: Socket): void {
    this.add(socket)
    this.#passed.add(socket)
    socket.on('close', () => this.#passed.delete(socket))
  }

  addSecured(socket: Socket): void {
    ;(socket as PlacedSocket)[place] = this.#secured.add(socket)
    ;(socket as PlacedSocket)[addedAt] = performance.now()
    socket.on('close', this.#onSecuredClose)
  }

  /** Counts a request until its response has ended or its connection is gone, and calls back then. It is what every request costs. */
  begin(
    request: IncomingMessage,
    response: ServerResponse,
    {
      stream,
      isForApp,
      onEnd,
    }: {
      /** `null` over HTTP/1. */
      stream: ServerHttp2Stream | null
      isForApp: boolean
      onEnd: OnExchangeEnd
    },
  ): void {
    // Over HTTP/2 a request has none any more when it has ended.
    const { socket } = request
    ;(response as PlacedResponse)[place] = this.#exchanges.add({
      request,
      response,
      stream,
      socket,
      isForApp,
      onEnd,
    })
    if (isForApp) this.#forApp += 1
    response.on('close', this.#onResponseClose)
  }

  /** Counts a request for the app from now on, which another process was to answer until now. */
  takeForApp(response: ServerResponse, onEnd: OnExchangeEnd): void {
    const { item: exchange, isIn } = (response as PlacedResponse)[place]
    if (!isIn || exchange.isForApp) return
    Object.assign(exchange, { isForApp: true, onEnd })
    this.#forApp += 1
  }

  /** Counts a connection that leaves HTTP as a request of the app, until what it returns is called, which may be twice. */
  hold(): () => void {
    this.#forApp += 1
    let isHeld = true
    return () => {
      if (isHeld) this.#forApp -= 1
      isHeld = false
    }
  }

  #end(ended: Link<Exchange>): void {
    if (!this.#exchanges.remove(ended)) return
    const { socket, isForApp, onEnd } = ended.item
    this.#activeAt?.set(socket, performance.now())
    if (isForApp) this.#forApp -= 1
    onEnd(ended.item)
  }

  /** From now on it is known which connections have just become idle: `closeIdle()` spares them. */
  beginDrain(): void {
    this.#activeAt ??= new Map()
    this.#drainsSince = Math.min(this.#drainsSince, performance.now())
  }

  /** The responses in flight. */
  responses(): ServerResponse[] {
    return [...this.#exchanges].map(({ response }) => response)
  }

  /** The connections of HTTP/1 on which a response is in flight. */
  busy(): Set<Socket> {
    return new Set([...this.#exchanges].map(({ socket }) => socket))
  }

  /** The exchanges in flight on a connection, the oldest first. */
  exchangesOn(socket: Socket): { readonly request: IncomingMessage; readonly response: ServerResponse }[] {
    return [...this.#exchanges].filter((one) => one.socket === socket).reverse()
  }

  /** The responses in flight of which nothing has been written. */
  unanswered(): ServerResponse[] {
    return this.responses().filter(({ headersSent }) => !headersSent)
  }

  /** Whether no other request is in flight on the connection of a response: requests may be pipelined (RFC 9112 section 9.3.2). */
  isAlone(response: ServerResponse): boolean {
    const all = [...this.#exchanges]
    const connection = all.find((one) => one.response === response)?.socket
    return !all.some((other) => other.socket === connection && other.response !== response)
  }

  /**
   * Closes what was opened in advance and never used, as browsers do: no answer is owed on it. One that is younger than `lingerMs` is
   * spared: its request may be on its way, or there and not read yet.
   */
  destroyUnused({ lingerMs }: { lingerMs: number }): void {
    const since = performance.now() - lingerMs
    // Of a secured one, bytes are counted that have been decrypted.
    for (const socket of [...this.#sockets, ...this.#secured] as PlacedSocket[])
      if (socket.bytesRead <= (announcementOf(socket)?.bytes ?? 0) && socket[addedAt] <= since)
        socket.destroy()
  }

  #wasActive(socket: Socket, since: number): boolean {
    return (this.#activeAt?.get(socket) ?? 0) > since
  }

  /**
   * Closes the idle connections of these servers, and no others: Node counts a connection as idle as soon as the app has ended the
   * answer on it, though a slow client may still have most of it to come. One that has become idle within `lingerMs`, and since the drain
   * began, is spared too.
   */
  closeIdle(servers: readonly Server[], { lingerMs }: { lingerMs: number }): void {
    const since = performance.now() - lingerMs
    const recent = ([...this.#sockets, ...this.#secured] as PlacedSocket[]).filter(
      (socket) => socket[addedAt] > since || this.#wasActive(socket, since),
    )
    // The process at the other end closes them itself, as soon as it knows of the drain.
    const passed = performance.now() - this.#drainsSince < passedLingerMs ? this.#passed : []
    const busy = new Set([...[...this.#exchanges].map(({ socket }) => socket), ...recent, ...passed])
    closeIdleConnections(servers, { spare: busy })
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
