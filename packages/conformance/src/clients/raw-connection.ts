import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A TCP connection that sends exactly what it is told, and says when and how the other side ended it. */
export interface RawConnection {
  send(text: string): void
  received(): string
  /** Resolves with the milliseconds from the call to the moment when the other side closed. Rejects after the deadline. */
  closedByPeer(deadlineMs: number): Promise<number>
  /** Resolves when so many bytes of this text have come. */
  until(text: string, deadlineMs: number): Promise<void>
  destroy(): void
}

export async function openRaw({ host, port }: { host: string; port: number }): Promise<RawConnection> {
  const socket = connect({ host, port })
  let received = ''
  let closed = false
  socket.setEncoding('latin1').on('data', (text) => {
    received += String(text)
  })
  socket.on('error', () => undefined)
  socket.once('close', () => {
    closed = true
  })
  await once(socket, 'connect')
  return {
    send: (text) => void socket.write(text),
    received: () => received,
    async closedByPeer(deadlineMs) {
      const started = performance.now()
      if (!closed)
        await within(socket, 'close', {
          deadlineMs,
          what: () => `the connection to be closed; it got ${JSON.stringify(received)}`,
        })
      return performance.now() - started
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
    destroy: () => socket.destroy(),
  }
}

/** `events.once()` would reject when the connection fails, which is one of the ways in which the other side closes it. */
async function within(
  socket: Socket,
  event: string,
  { deadlineMs, what }: { deadlineMs: number; what: () => string },
): Promise<void> {
  const happened = Promise.withResolvers<void>()
  const timer = setTimeout(
    () =>
      happened.reject(
        new assert.AssertionError({ message: `waited ${Math.round(deadlineMs)} ms for ${what()}` }),
      ),
    deadlineMs,
  )
  socket.once(event, happened.resolve)
  try {
    await happened.promise
  } finally {
    clearTimeout(timer)
    socket.off(event, happened.resolve)
  }
}
