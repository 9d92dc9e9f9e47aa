import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Lifetime, startClock } from '../lifetime.ts'
import { missedDeadline } from '../missed-deadline.ts'
import type { Observation } from '../observation.ts'
import { record } from '../recorder.ts'

/** A TCP connection that sends exactly the given bytes, and reports when and how the other side ended it. */
export interface RawConnection {
  send(bytes: string | Uint8Array): void
  /** Takes nothing more of what the server sends. */
  pause(): void
  received(): string
  /** Resolves when the other side has closed. Rejects after the deadline. */
  closedByPeer(deadlineMs: number): Promise<Lifetime>
  /** Resolves when this many bytes of the text have come. */
  until(text: string, deadlineMs: number): Promise<void>
  /** Ends our side alone: nothing more is sent. */
  end(): void
  destroy(): void
  /** Ends it by RST (RFC 9293 section 3.5.2), as a client that crashes. */
  reset(): void
}

export async function openRaw({ host, port }: { host: string; port: number }): Promise<RawConnection> {
  const clock = startClock()
  const socket = connect({ host, port })
  let received = ''
  let closed = false
  socket.setEncoding('latin1').on('data', (text) => {
    received += String(text)
  })
  socket.on('error', () => undefined)
  socket.once('close', () => {
    clock.ends()
    closed = true
  })
  await once(socket, 'connect')
  return {
    send(bytes) {
      clock.sends()
      socket.write(bytes)
    },
    pause: () => void socket.pause(),
    received: () => received,
    async closedByPeer(deadlineMs) {
      if (!closed)
        await within(socket, 'close', {
          deadlineMs,
          what: () => `the connection to be closed; it got ${JSON.stringify(received)}`,
        })
      record('bytes on a bare connection', endOf(received))
      return clock.read()
    },
    async until(text, deadlineMs) {
      const end = performance.now() + deadlineMs
      while (!received.includes(text)) {
        await within(socket, 'data', {
          deadlineMs: end - performance.now(),
          what: () => `${JSON.stringify(text)}; it got ${JSON.stringify(received)}`,
        })
      }
    },
    end: () => void socket.end(),
    destroy: () => socket.destroy(),
    reset: () => void socket.resetAndDestroy(),
  }
}

function endOf(received: string): Observation {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1]
  return {
    client: 'raw',
    outcome: status === undefined ? 'refused' : 'served',
    status: status === undefined ? null : Number(status),
    headers: {},
    body: '',
    tls: null,
    reason: 'the connection was closed',
    alert: null,
  }
}

/** `events.once()` would reject when the connection fails, which is one of the ways in which the other side closes it. */
async function within(
  socket: Socket,
  event: string,
  { deadlineMs, what }: { deadlineMs: number; what: () => string },
): Promise<void> {
  const happened = Promise.withResolvers<void>()
  const timer = setTimeout(() => happened.reject(missedDeadline(deadlineMs, what())), deadlineMs)
  socket.once(event, happened.resolve)
  try {
    await happened.promise
  } finally {
    clearTimeout(timer)
    socket.off(event, happened.resolve)
  }
}
