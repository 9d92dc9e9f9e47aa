import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { asksForWebSocket, ServedWebSocket } from './served-websocket.ts'

/** The WebSockets that are open. */
export class ServedWebSockets {
  readonly #open = new Map<ServedWebSocket, Duplex>()

  /** To be called before the app gets the socket. What speaks another protocol is left alone. */
  add(request: IncomingMessage, socket: Duplex): void {
    if (!asksForWebSocket(request)) return
    const served = new ServedWebSocket(socket)
    this.#open.set(served, socket)
    socket.once('close', () => this.#open.delete(served))
  }

  /** One over HTTP/2: `response` is of its protocol once it has been answered with 200 (RFC 8441 section 5). */
  addOverHttp2(response: ServerResponse): void {
    const socket = response as unknown as Duplex
    const served = new ServedWebSocket(socket, {
      isOpen: () => response.headersSent && response.statusCode === 200,
    })
    this.#open.set(served, socket)
    response.once('close', () => this.#open.delete(served))
  }

  goAway(isMeant: (socket: Duplex) => boolean = () => true): void {
    for (const [served, socket] of this.#open) if (isMeant(socket)) served.goAway()
  }
}
