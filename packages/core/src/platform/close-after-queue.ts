import { setImmediate as nextTurn } from 'node:timers/promises'
import { closeListeners, type Listener } from './listen.ts'

/** Turns of the event loop without a new connection after which the queue counts as empty. libuv accepts one in each turn, or all. */
const quietTurns = 3
/** New clients may come for ever, and the queue is never empty then. */
const longestMs = 1_000

/**
 * Stops accepting, once the connections that the system has completed already are taken: a listening socket that is closed resets
 * whatever waits in its queue (RFC 9293 section 3.10.7.4), and to its client such a connection was open. On a busy event loop a
 * whole burst may wait there.
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
  closeListeners(listeners)
  for (const { server } of listeners) server.off('connection', count)
}
