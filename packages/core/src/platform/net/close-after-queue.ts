import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { closeListeners, type Listener } from './listener.ts'
import { hasHandshakes, plugQueues } from './plug-queues.ts'

/** Turns of the event loop without a new connection after which the queue counts as empty. libuv accepts one in each turn, or all. */
const quietTurns = 3
/** New clients may come forever, and the queue is never empty then. */
const longestMs = 1_000

/** How long it is tried to close in a moment in which no client gets in. A client needs a second to send a packet again. */
const plugMs = 2_000
/** How often it is looked whether the clients have completed their handshakes: the table of all sockets of the machine is read. */
const lookMs = 20

/**
 * Stops accepting, once the connections that the system has completed already are taken: a listening socket that is closed resets
 * whatever waits in its queue (RFC 9293 section 3.10.7.4), and to its client such a connection was open. On a busy event loop a
 * whole burst may wait there, and on a busy machine another one comes between the last look and the close.
 *
 * On Linux nothing is lost, except for two cases. Clients kept coming for `plugMs`, in each attempt, or one needs longer than that for its
 * handshake. Or the kernel of another processor needed longer to answer the first packet of a client than this process needed to connect
 * to itself and to read the table of sockets. On other systems a connection is lost that comes between the last look and the close.
 */
export async function closeAfterQueue(listeners: readonly Listener[]): Promise<void> {
  let came = 0
  const count = (): void => {
    came += 1
  }
  for (const { server } of listeners) server.on('connection', count)
  const end = performance.now() + longestMs
  let seen = 0
  for (let quiet = 0; quiet < quietTurns && performance.now() < end; ) {
    await nextTurn()
    quiet = came === seen ? quiet + 1 : 0
    seen = came
  }
  await Promise.all(byPort(listeners).map(closeWhenPlugged))
  closeListeners(listeners.filter(({ isOurs }) => isOurs !== true))
  for (const { server } of listeners) server.off('connection', count)
}

async function closeWhenPlugged(listeners: readonly Listener[]): Promise<void> {
  const close = (): void => closeListeners(listeners)
  const end = performance.now() + plugMs
  while (performance.now() < end) {
    switch (await plugQueues(listeners, close)) {
      case 'full':
        return
      case 'busy':
        await nextTurn()
        break
      case 'handshakes':
        await whenCompleted(listeners, end)
        break
      case 'impossible':
        close()
        return
    }
  }
  close()
}

/** Waits until no client is in its handshake, until `end` at most: one may never complete it. */
async function whenCompleted([listener]: readonly Listener[], end: number): Promise<void> {
  if (listener?.address.kind !== 'tcp') return
  const { port } = listener.address
  do await pause(lookMs)
  while (performance.now() < end && hasHandshakes(port))
}

/** The listeners of ports that only we have, those of one port together. Other sockets outlive us, or get no packets. */
function byPort(listeners: readonly Listener[]): Listener[][] {
  const groups = new Map<string, Listener[]>()
  for (const listener of listeners) {
    const { address, isOurs } = listener
    if (isOurs !== true || address.kind !== 'tcp') continue
    const key = `${address.host} ${address.port}`
    groups.set(key, [...(groups.get(key) ?? []), listener])
  }
  return [...groups.values()]
}
