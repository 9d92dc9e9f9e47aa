import type { IncomingMessage } from 'node:http'
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

  goAway(isMeant: (socket: Duplex) => boolean = () => true): void {
    for (const [served, socket] of this.#open) if (isMeant(socket)) served.goAway()
  }
}
