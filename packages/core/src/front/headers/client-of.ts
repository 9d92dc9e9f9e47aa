import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'

/** Who has sent a request, and how. */
export interface RequestClient {
  /** An IP address; `null`: a UNIX socket has none. */
  readonly address: string | null
  readonly scheme: 'http' | 'https'
  /** As the client named it, with the port if it did; `null`: it named none. */
  readonly host: string | null
}

export function clientOf({ socket, headers }: IncomingMessage): RequestClient {
  return {
    address: plainAddress(socket.remoteAddress),
    scheme: (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http',
    host: headers.host ?? null,
  }
}

/** An IPv4 address that comes in the form of IPv6 (RFC 4291 section 2.5.5.2) is written as one. */
function plainAddress(address: string | undefined): string | null {
  if (address === undefined) return null
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address
}
