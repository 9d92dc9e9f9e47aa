import type { Logger } from '../log/logger.ts'

/** An error comes for each connection that waits, as long as descriptors have run out. */
const pauseMs = 1_000

/** Logs that connections can't be accepted, once a second at most. The server goes on: they wait in the queue of the system, or are reset. */
export function tellAcceptErrors(log: Logger): (error: Error) => void {
  let toldMs = Number.NEGATIVE_INFINITY
  return (error) => {
    if (performance.now() - toldMs < pauseMs) return
    toldMs = performance.now()
    log.error('connections cannot be accepted', { reason: error.message })
  }
}
