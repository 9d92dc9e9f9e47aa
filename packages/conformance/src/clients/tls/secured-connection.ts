import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ConnectionOptions, connect } from 'node:tls'
import { type Lifetime, startClock } from '../lifetime.ts'

/** A TLS connection on which exactly those bytes are sent that a case wants to send. */
export interface SecuredConnection {
  readonly alpn: string | null
  /** What it was encrypted with, as lines of a key log. */
  secrets(): readonly string[]
  send(bytes: string | Uint8Array): void
  /** Takes nothing more of what the server sends. */
  pause(): void
  /** What came so far, one character a byte. */
  received(): string
  /** Resolves when the other side has closed. Rejects after the deadline. */
  closedByPeer(deadlineMs: number): Promise<Lifetime>
  /** Resolves when this text has come. */
  until(text: string, deadlineMs: number): Promise<void>
  destroy(): void
}

/** Rejects with an assertion when the handshake fails; the reason is in its message. */
export async function openSecured({
  host,
  port,
  tls = {},
}: {
  host: string
  port: number
  tls?: ConnectionOptions
}): Promise<SecuredConnection> {
  const clock = startClock()
  const socket = connect({ host, port, rejectUnauthorized: false, ...tls })
  let received = ''
  const secrets: string[] = []
  socket.on('keylog', (line) => secrets.push(line.toString('latin1').trim()))
  socket.on('data', (bytes: Buffer) => {
    received += bytes.toString('latin1')
  })
  await once(socket, 'secureConnect', { signal: AbortSignal.timeout(5_000) }).catch((error: Error) => {
    throw new assert.AssertionError({ message: `the handshake failed: ${error.message}` })
  })
  socket.once('close', clock.ends)
  // It may be reset, which is one of the ways in which it is closed.
  socket.on('error', () => undefined)
  const happens = async (
    event: string,
    { deadlineMs, what }: { deadlineMs: number; what: string },
  ): Promise<void> => {
    await once(socket, event, { signal: AbortSignal.timeout(Math.ceil(Math.max(1, deadlineMs))) }).catch(
      (error: Error) => {
        if (error.name === 'AbortError')
          throw new assert.AssertionError({
            message: `waited ${Math.round(deadlineMs)} ms for ${what}; it got ${JSON.stringify(received)}`,
          })
      },
    )
  }
  return {
    alpn: socket.alpnProtocol || null,
    secrets: () => secrets,
    send(bytes) {
      clock.sends()
      socket.write(bytes)
    },
    pause: () => void socket.pause(),
    received: () => received,
    async closedByPeer(deadlineMs) {
      const end = performance.now() + deadlineMs
      while (!socket.destroyed)
        await happens('close', {
          deadlineMs: end - performance.now(),
          what: 'the connection to be closed',
        })
      return clock.read()
    },
    async until(text, deadlineMs) {
      const end = performance.now() + deadlineMs
      while (!received.includes(text))
        await happens('data', { deadlineMs: end - performance.now(), what: JSON.stringify(text) })
    },
    destroy: () => socket.destroy(),
  }
}
