import type { Server, Socket } from 'node:net'
import { plainAddress } from './address/plain-address.ts'

/**
 * Both ends of a TCP connection, as `127.0.0.1:51234 127.0.0.1:3000`: the client's first. The system makes sure that no other connection of
 * this machine has the same two ends at the same time.
 */
export type ConnectionEnds = string

/** Sees which connections the processes of a server accept, until it is disposed of. */
export interface AcceptWatch extends Disposable {
  /** Those of these connections that were accepted. */
  accepted(connections: readonly ConnectionEnds[]): Promise<ReadonlySet<ConnectionEnds>>
}

/** More than a server accepts while it is probed. */
const longestRecord = 20_000

/** Remembers the connections that servers of this process accept. */
export class AcceptRecord implements Disposable {
  readonly #seen = new Set<ConnectionEnds>()
  readonly #servers = new Set<Pick<Server, 'on' | 'off' | 'prependListener'>>()
  readonly #note = (socket: Socket): void => {
    const ends = endsOf(socket, 'server')
    if (ends === null) return
    this.#seen.add(ends)
    const [oldest] = this.#seen
    if (this.#seen.size > longestRecord && oldest !== undefined) this.#seen.delete(oldest)
  }

  /** Before its own listener, which may hand the socket over or close it. */
  follow(server: Pick<Server, 'on' | 'off' | 'prependListener'>): void {
    if (this.#servers.has(server)) return
    this.#servers.add(server)
    server.prependListener('connection', this.#note)
  }

  has(ends: ConnectionEnds): boolean {
    return this.#seen.has(ends)
  }

  [Symbol.dispose](): void {
    for (const server of this.#servers) server.off('connection', this.#note)
  }
}

/** For a backend that accepts in the process of the launcher. */
export function watchAccepts(listeners: readonly { readonly server: Server }[]): AcceptWatch {
  const record = new AcceptRecord()
  for (const { server } of listeners) record.follow(server)
  return {
    accepted: async (connections) => new Set(connections.filter((ends) => record.has(ends))),
    [Symbol.dispose]: () => record[Symbol.dispose](),
  }
}

/** `null` for a connection that is not one of TCP, or is closed. `side`: which end this socket is. */
export function endsOf(socket: Socket, side: 'client' | 'server'): ConnectionEnds | null {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  if (localAddress === undefined || remoteAddress === undefined) return null
  const local = `${plainAddress(localAddress)}:${localPort}`
  const remote = `${plainAddress(remoteAddress)}:${remotePort}`
  return side === 'client' ? `${local} ${remote}` : `${remote} ${local}`
}
