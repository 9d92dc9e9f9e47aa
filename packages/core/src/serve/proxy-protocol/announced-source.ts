import { isIPv6, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { socketBelow } from '../../platform/node/internals/socket-below.ts'
import type { ProxySource } from './parsed-header.ts'

/** What the PROXY header of a connection has said. */
export interface Announcement {
  /** `null`: nothing that counts. */
  readonly source: ProxySource | null
  /** The load balancer speaks for itself. */
  readonly isLocal: boolean
  /** The length of the header, which the bytes read of the socket include. */
  readonly bytes: number
}

const key = Symbol('the announcement of a PROXY header')

interface Announced extends Socket {
  [key]?: Announcement
}

/**
 * Makes a socket show the client instead of the load balancer, for apps and logs alike. It gets properties of its own over the accessors of its
 * class: Node has no way to set them, and reads none of them itself.
 */
export function announce(socket: Socket, announcement: Announcement): void {
  const announced = socket as Announced
  announced[key] = announcement
  const { source } = announcement
  if (!source) return
  const { address, port } = source
  const shown = {
    remoteAddress: address ?? undefined,
    remotePort: port ?? undefined,
    remoteFamily: address === null ? undefined : isIPv6(address) ? 'IPv6' : 'IPv4',
  }
  for (const [name, value] of Object.entries(shown))
    Object.defineProperty(socket, name, { value, configurable: true, enumerable: true })
}

/** The same for the TLS socket on a socket that was announced. One whose client can't be found is closed. */
export function showClientOfTls(secured: TLSSocket): void {
  const below = socketBelow(secured)
  const announcement = below && announcementOf(below)
  // Of its own bytes, none are a header.
  if (announcement) announce(secured, { ...announcement, bytes: 0 })
  else secured.destroy()
}

/** `undefined` for a connection without a PROXY header. */
export function announcementOf(socket: Socket): Announcement | undefined {
  // Over HTTP/2 a request shows the socket through an object that passes this on.
  return (socket as Announced)[key]
}
