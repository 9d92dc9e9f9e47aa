import { AsyncLocalStorage } from 'node:async_hooks'
import type { Socket } from 'node:net'
import { LinkedList } from './linked-list.ts'

const explanation = 'This port speaks HTTPS, and plain HTTP was sent to it. Use https:// instead.\n'
const answer = [
  'HTTP/1.1 400 Bad Request',
  'Content-Type: text/plain; charset=utf-8',
  `Content-Length: ${explanation.length}`,
  'Connection: close',
  '',
  explanation,
].join('\r\n')

/** How OpenSSL calls a first record that is the start of a request; it sends no alert then. */
const plainHttp = ['ERR_SSL_HTTP_REQUEST', 'ERR_SSL_HTTPS_PROXY_REQUEST']

/**
 * Tells a client that sends plain HTTP to a TLS port of its mistake, as nginx and Caddy do, where Node would close the connection
 * silently. Nothing is looked at before OpenSSL has refused it, so that handshakes cost the same. Node gives the TLS socket that
 * failed, on which nothing can be written any more, and not the one below it; the addresses of both ends tell which that is.
 * A UNIX domain socket has none: there the asynchronous context of the handshake tells it. (Not everywhere, since on Node 22 every
 * promise of the process costs more as soon as there is one.)
 */
export class PlainHttpAnswer {
  /** By the port of the client, so that hardly any have to be looked at; among them by both ends. */
  readonly #byPort = Array.from({ length: 1_024 }, () => new LinkedList<Socket>())
  readonly #byContext = new AsyncLocalStorage<Socket>()

  /** Begins the handshake on a connection, so that `answer()` finds it when that fails. */
  watch(socket: Socket, begin: () => void): void {
    // A TCP connection that was reset meanwhile has lost the address of the other end alone.
    if (socket.localAddress === undefined) this.#byContext.run(socket, begin)
    else {
      this.#remember(socket)
      begin()
    }
  }

  answer(error: NodeJS.ErrnoException, secured: Socket): void {
    if (!plainHttp.includes(error.code ?? '')) return
    const ends = endsOf(secured)
    const socket =
      ends === null
        ? this.#byContext.getStore()
        : [...this.#samePort(secured)].find((one) => endsOf(one) === ends)
    socket?.write(answer)
  }

  #remember(socket: Socket): void {
    if (socket.remotePort === undefined) return
    const list = this.#samePort(socket)
    const link = list.add(socket)
    socket.on('close', () => list.remove(link))
  }

  #samePort({ remotePort = 0 }: Socket): LinkedList<Socket> {
    return this.#byPort[remotePort % this.#byPort.length] as LinkedList<Socket>
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string | null {
  return remoteAddress === undefined ? null : `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
