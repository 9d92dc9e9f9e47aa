import { AsyncLocalStorage } from 'node:async_hooks'
import type { Socket } from 'node:net'
import type { PlannedAddress } from '../../plan/launch-plan.ts'

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
 * Informs a client that sends plain HTTP to a TLS port of its mistake, as nginx and Caddy do, where Node would close the connection
 * silently. Nothing is looked at before OpenSSL has refused it, so that handshakes cost the same. Node passes the TLS socket that
 * failed, on which nothing can be written any more, and not the one below it; the addresses of both ends show which of the open ones that
 * is. A UNIX domain socket has none: there the asynchronous context of the handshake shows it. (Not everywhere, since on Node 22 every
 * promise of the process costs more as soon as there is one; and only where there may be one is a connection asked for its address, which
 * takes two system calls.)
 */
export class PlainHttpAnswer {
  readonly #connections: Iterable<Socket>
  readonly #byContext: AsyncLocalStorage<Socket> | null

  /** All the connections that are open, and the addresses that they may have come to. */
  constructor(connections: Iterable<Socket>, addresses: readonly PlannedAddress[]) {
    this.#connections = connections
    this.#byContext = addresses.every(({ kind }) => kind === 'tcp') ? null : new AsyncLocalStorage()
  }

  /** Begins the handshake on a connection, so that `answer()` finds it when that fails. */
  watch(socket: Socket, begin: () => void): void {
    // A TCP connection that was reset meanwhile has lost the address of the other end alone.
    if (this.#byContext && socket.localAddress === undefined) this.#byContext.run(socket, begin)
    else begin()
  }

  answer(error: NodeJS.ErrnoException, secured: Socket): void {
    if (!plainHttp.includes(error.code ?? '')) return
    const ends = endsOf(secured)
    const socket =
      ends === null
        ? this.#byContext?.getStore()
        : [...this.#connections].find((one) => one.remotePort === secured.remotePort && endsOf(one) === ends)
    socket?.write(answer)
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string | null {
  return remoteAddress === undefined ? null : `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
