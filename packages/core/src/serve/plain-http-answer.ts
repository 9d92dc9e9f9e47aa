import type { Socket } from 'node:net'

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
 * A UNIX domain socket has none, and is closed silently.
 */
export class PlainHttpAnswer {
  readonly #sockets = new Map<string, Socket>()

  watch(socket: Socket): void {
    const ends = endsOf(socket)
    if (ends === null) return
    this.#sockets.set(ends, socket)
    socket.once('close', () => {
      if (this.#sockets.get(ends) === socket) this.#sockets.delete(ends)
    })
  }

  answer(error: NodeJS.ErrnoException, secured: Socket): void {
    const ends = plainHttp.includes(error.code ?? '') ? endsOf(secured) : null
    if (ends !== null) this.#sockets.get(ends)?.write(answer)
  }
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string | null {
  return remoteAddress === undefined ? null : `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
