import { connect, type Server, type Socket } from 'node:net'
import type { BoundAddress } from './address/bound-address.ts'
import type { Listener } from './listener.ts'
import { socketsOfPort, socketTables } from './sockets-of-port.ts'

/** For each listener of a port, this many connections are tried: the system spreads them over all listeners by a hash. */
const triesPerListener = 12

/** The queue that a listener gets again while handshakes are completed. The system caps it at its own limit. */
const openBacklog = 511

/**
 * - `full`: no connection of a client is in a queue or on its way into one, and none can get in. `onFull` was called in this moment.
 * - `busy`: a client was faster. Its connection is accepted in the next turn of the event loop.
 * - `handshakes`: clients have begun to connect before. See `hasHandshakes()`.
 * - `impossible`: this system has no such way.
 */
export type QueueState = 'full' | 'busy' | 'handshakes' | 'impossible'

/**
 * Takes the last place in the queue of each of these listeners, and calls `onFull` in the moment in which no connection of a client
 * is in any of them, and none can get in: then they can be closed without a loss. In any other state the caller tries again.
 *
 * This is a trick of Linux. A backlog of 0 leaves one place in the queue of a listening socket, and while it is taken the system drops
 * the first packet of each new client (`sk_acceptq_is_full` in `tcp_conn_request`), which sends it again a second later and is refused
 * by then. Over loopback, a connection is open as soon as connect(2) returns, and `getpeername` shows whether it is.
 * Nothing accepts meanwhile, since all of it happens in one turn. Node has no public way to change the backlog of a server, and none
 * to ask a connection that has just begun: `packages/core/test/platform/close-after-queue.test.ts` sees whether it works.
 */
export async function plugQueues(listeners: readonly Listener[], onFull: () => void): Promise<QueueState> {
  for (const { server } of listeners) if (!setBacklog(server, 0)) return 'impossible'
  const [first] = listeners
  if (first?.address.kind !== 'tcp') return 'impossible'
  const { host, port } = nearby(first.address)
  const tries = listeners.length === 1 ? 1 : listeners.length * triesPerListener
  const plugs: Socket[] = []
  try {
    for (let count = 0; count < tries; count += 1) {
      const plug = connect({ host, port })
      plug.on('error', () => undefined)
      plugs.push(plug)
    }
    // Node connects in the tick after the call, and this one comes after all of those. The event loop has not turned yet.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    if (plugs.filter(isOpen).length !== listeners.length) return 'busy'
    if (hasHandshakes(port)) {
      for (const { server } of listeners) setBacklog(server, openBacklog)
      return 'handshakes'
    }
    onFull()
    return 'full'
  } finally {
    for (const plug of plugs) plug.destroy()
  }
}

/**
 * Whether a connection to a port of this machine is in SYN_RECV: the server has answered the first packet of the client, and the
 * connection is in no queue yet. The client may see it as open and have sent its request, since the system drops the last packet of the
 * handshake while the queue is full (`tcp_v4_syn_recv_sock`), and closing the listener would reset it. The client sends the packet
 * again, on Linux after 200 ms with data and after a second without, and gets in if the queue has a place by then.
 *
 * A plug may be in that state too, with a client in its place in the queue. False where the system does not say.
 */
export function hasHandshakes(port: number): boolean {
  return socketTables.some((table) => socketsOfPort(table, { port, state: 'synReceived' }).length > 0)
}

/** False where there is no such way. */
function setBacklog(server: Server, backlog: number): boolean {
  const { _handle: handle } = server as unknown as { _handle?: { listen?(backlog: number): number } | null }
  return process.platform === 'linux' && handle?.listen?.(backlog) === 0
}

/** From the view of the client: the last packet of its handshake may have been dropped. */
function isOpen(plug: Socket): boolean {
  const { _handle: handle } = plug as unknown as { _handle?: { getpeername?(out: object): number } | null }
  return handle?.getpeername?.({}) === 0
}

/** Every interface has loopback among them. */
function nearby({ host, port }: Extract<BoundAddress, { kind: 'tcp' }>): { host: string; port: number } {
  return { host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port }
}
