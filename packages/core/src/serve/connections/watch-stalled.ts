import type { Server } from 'node:http'
import type { Logger } from '../../log/logger.ts'
import { idleConnections } from '../../platform/node/internals/idle-connections.ts'
import { writeProgress } from '../../platform/node/internals/write-progress.ts'
import { http2ProgressOf } from '../http2/http2-exchange.ts'
import type { OpenConnections } from './open-connections.ts'

/** What Node adds to the time for keep-alive, so that a request on its way doesn't meet a closing connection. */
const keepAliveBufferMs = 1_000

/** What was last seen of something that should move, and since when. */
interface Mark {
  readonly at: number
  readonly since: number
}

/**
 * Closes what a client holds without use, where Node would wait forever:
 * - An HTTP/1 connection that is idle, except for empty lines (RFC 9112 section 2.2), each of which Node counts as use.
 * - An answer of which nothing has been taken for `sendMs`, over either version: it holds its memory. One for which the app writes
 *   nothing waits for the app, and is left alone.
 * It looks at all of them from time to time, so that a request costs nothing.
 */
export function watchStalled({
  open,
  http1,
  timeouts,
  log,
}: {
  open: OpenConnections
  http1: readonly Server[]
  /** `sendMs`: 0 means no limit. The app may change them. */
  timeouts: Readonly<Record<'keepAliveMs' | 'sendMs', number>>
  log: Logger
}): Disposable {
  const { keepAliveMs, sendMs } = timeouts
  const idle = new WeakMap<object, Mark>()
  const stalled = new WeakMap<object, Mark>()

  const closeIdle = (now: number): void => {
    const busy = open.busy()
    for (const socket of http1.flatMap(idleConnections)) {
      // Before the first answer, Node's limit for headers holds.
      if (busy.has(socket) || socket.bytesWritten === 0) continue
      if (
        unchangedMs(idle, socket, { at: socket.bytesWritten, now }) >
        timeouts.keepAliveMs + keepAliveBufferMs
      )
        socket.destroy()
    }
  }
  const tell = (client: string | undefined): void =>
    log.debug('a client takes nothing of its answer', { client })
  const cutStalled = (now: number): void => {
    for (const socket of open.connections) {
      const { pending, taken } = writeProgress(socket)
      if (pending === 0) stalled.delete(socket)
      else if (unchangedMs(stalled, socket, { at: taken, now }) > sendMs) {
        tell(socket.remoteAddress)
        socket.destroy()
      }
    }
    for (const response of open.responses()) {
      const progress = http2ProgressOf(response)
      if (!progress) continue
      if (progress.stream.writableLength === 0) stalled.delete(response)
      else if (unchangedMs(stalled, response, { at: progress.written, now }) > sendMs) {
        tell(progress.stream.session?.socket?.remoteAddress)
        // With an error, also if the app has written all of it: the client must not take it for complete.
        progress.stream.destroy(new Error('the client takes nothing of its answer'))
      }
    }
  }

  const timer = setInterval(
    () => {
      const now = performance.now()
      if (timeouts.keepAliveMs > 0) closeIdle(now)
      if (sendMs > 0) cutStalled(now)
    },
    Math.max(50, Math.min(1_000, keepAliveMs > 0 ? keepAliveMs / 4 : 1_000, sendMs > 0 ? sendMs / 4 : 1_000)),
  )
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** For how long the same has been seen of something. */
function unchangedMs(
  marks: WeakMap<object, Mark>,
  of: object,
  { at, now }: { at: number; now: number },
): number {
  const mark = marks.get(of)
  if (mark?.at === at) return now - mark.since
  marks.set(of, { at, since: now })
  return 0
}
