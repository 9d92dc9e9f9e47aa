import type { Server, ServerResponse } from 'node:http'
import type { Http2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { idleConnections } from '../../platform/node/internals/idle-connections.ts'
import type { Http2Connections } from '../http2/http2-connections.ts'
import { http2StreamOf } from '../http2/http2-exchange.ts'
import { endEventStream, isEventStream } from '../request/event-stream.ts'
import type { ServedWebSockets } from '../upgrade/served-websockets.ts'
import type { OpenConnections } from './open-connections.ts'

/** For a request that is on its way already: its client does not know of the end yet. */
const lingerMs = 300
const sweepMs = 100

/**
 * Connections whose clients were judged by settings that no longer hold: another CA, other revocation lists, another rule for client
 * certificates. They drain as at a stop, and what is left at the deadline is cut, while new connections are served.
 */
export class RetiredConnections {
  readonly #open: OpenConnections
  readonly #http1: Server
  readonly #http2: Http2Connections
  readonly #webSockets: ServedWebSockets
  readonly #deadlineMs: number
  readonly #endConnection: (response: ServerResponse) => void
  /** With the time at which they were retired, by `performance.now()`. */
  readonly #sockets = new Map<Socket, number>()
  readonly #sessions = new Map<Http2Session, number>()
  #sweep: NodeJS.Timeout | undefined

  constructor({
    open,
    http1,
    http2,
    webSockets,
    deadlineMs,
    endConnection,
  }: {
    open: OpenConnections
    http1: Server
    http2: Http2Connections
    webSockets: ServedWebSockets
    deadlineMs: number
    /** Makes an answer over HTTP/1 say that it is the last one on its connection. */
    endConnection: (response: ServerResponse) => void
  }) {
    this.#open = open
    this.#http1 = http1
    this.#http2 = http2
    this.#webSockets = webSockets
    this.#deadlineMs = deadlineMs
    this.#endConnection = endConnection
  }

  /** Whether a connection of HTTP/1 is one of them. It is what every request costs. */
  has(socket: Socket): boolean {
    return this.#sockets.size > 0 && this.#sockets.has(socket)
  }

  /** Retires every connection that is open now. Returns how many they are. */
  retireAll(): number {
    const sessions = this.#http2.retire()
    this.#retire([...this.#open.secured], sessions)
    for (const response of this.#open.unanswered())
      if (http2StreamOf(response) === null && response.socket !== null && this.has(response.socket))
        this.#endConnection(response)
    return this.#sockets.size + this.#sessions.size
  }

  /** Retires the one that was added last: its handshake has ended only after that. */
  retire(socket: Socket, { isHttp2 }: { isHttp2: boolean }): void {
    if (isHttp2) this.#retire([], this.#http2.retireLast())
    else this.#retire([socket], [])
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweep)
    this.#sweep = undefined
  }

  #retire(sockets: readonly Socket[], sessions: readonly Http2Session[]): void {
    const now = performance.now()
    for (const socket of sockets) {
      this.#sockets.set(socket, now)
      socket.once('close', () => this.#sockets.delete(socket))
    }
    for (const session of sessions) {
      this.#sessions.set(session, now)
      session.once('close', () => this.#sessions.delete(session))
    }
    this.#sweep ??= setInterval(() => this.#end(performance.now()), sweepMs).unref()
  }

  #end(now: number): void {
    if (this.#sockets.size + this.#sessions.size === 0) {
      this[Symbol.dispose]()
      return
    }
    for (const [connection, since] of [...this.#sockets, ...this.#sessions])
      if (now - since >= this.#deadlineMs) connection.destroy()
    this.#http2.close({ lingerMs })
    const busy = this.#open.busy()
    // Not among them is a connection that has left HTTP, or on which a request has begun.
    for (const socket of idleConnections(this.#http1))
      if (!busy.has(socket) && now - (this.#sockets.get(socket) ?? now) >= lingerMs) socket.destroySoon()
    this.#webSockets.goAway((socket) => this.#sockets.has(socket as Socket))
    for (const response of this.#open.responses())
      if (isEventStream(response) && this.#isOf(response)) endEventStream(response)
  }

  #isOf(response: ServerResponse): boolean {
    const stream = http2StreamOf(response)
    return stream
      ? stream.session !== undefined && this.#sessions.has(stream.session)
      : response.socket !== null && this.#sockets.has(response.socket)
  }
}
