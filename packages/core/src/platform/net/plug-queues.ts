import { connect, type Server, type Socket } from 'node:net'
import type { BoundAddress } from './address/bound-address.ts'
import type { Listener } from './listener.ts'

/** For each listener of a port, this many connections are tried: the system spreads them over all listeners by a hash. */
const triesPerListener = 12

/**
 * Takes the last place in the queue of each of these listeners, and calls `onFull` in the moment in which no connection of a client
 * is in any of them, and none can get in: then they can be closed without a loss. Resolves with `busy` when a connection of a client
 * was faster. It is accepted in the next turn of the event loop, and the caller tries again.
 *
 * This is a trick of Linux. A backlog of 0 leaves one place in the queue of a listening socket, and while it is taken the system drops
 * the first packet of each new client (`sk_acceptq_is_full` in `tcp_conn_request`), which sends it again a second later and is refused
 * by then. Over loopback, a connection is in the queue as soon as connect(2) returns, and `getpeername` shows whether it is.
 * Nothing accepts meanwhile, since all of it happens in one turn. Node has no public way to change the backlog of a server, and none
 * to ask a connection that has just begun: `packages/core/test/platform/close-after-queue.test.ts` sees whether it works.
 */
export async function plugQueues(
  listeners: readonly Listener[],
  onFull: () => void,
): Promise<'full' | 'busy' | 'impossible'> {
  for (const { server } of listeners) if (!shrinkQueue(server)) return 'impossible'
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
    if (plugs.filter(isQueued).length !== listeners.length) return 'busy'
    onFull()
    return 'full'
  } finally {
    for (const plug of plugs) plug.destroy()
  }
}

/** False where there is no such way. */
function shrinkQueue(server: Server): boolean {
  const { _handle: handle } = server as unknown as { _handle?: { listen?(backlog: number): number } | null }
  return process.platform === 'linux' && handle?.listen?.(0) === 0
}

function isQueued(plug: Socket): boolean {
  const { _handle: handle } = plug as unknown as { _handle?: { getpeername?(out: object): number } | null }
  return handle?.getpeername?.({}) === 0
}

/** Every interface has loopback among them. */
function nearby({ host, port }: Extract<BoundAddress, { kind: 'tcp' }>): { host: string; port: number } {
  return { host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port }
}
