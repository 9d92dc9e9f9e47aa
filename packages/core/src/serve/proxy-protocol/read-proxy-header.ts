import type { Socket } from 'node:net'
import { parseProxyHeader } from './parse-proxy-header.ts'
import type { ParsedHeader } from './parsed-header.ts'

/**
 * Reads a PROXY header from a new connection, and puts what follows it back. Exactly one of the two functions is called, once, unless the other
 * end closes before its header is complete: it has nothing to say then.
 */
export function readProxyHeader(
  socket: Socket,
  {
    deadlineMs,
    onHeader,
    onInvalid,
  }: {
    deadlineMs: number
    onHeader: (header: Extract<ParsedHeader, { kind: 'header' }>) => void
    /** The connection is still open. `bytes`: what it has sent. */
    onInvalid: (reason: string, bytes: Buffer) => void
  },
): void {
  let held: Buffer = Buffer.alloc(0)
  const timer = setTimeout(() => {
    stop()
    onInvalid(`it sent no PROXY header within ${deadlineMs / 1_000} s`, held)
  }, deadlineMs)
  const close = (): void => void socket.destroy()
  const look = (): void => {
    const bytes = socket.read() as Buffer | null
    if (bytes === null) return
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    const parsed = parseProxyHeader(held)
    if (parsed.kind === 'incomplete') return
    stop()
    if (parsed.kind === 'invalid') {
      onInvalid(parsed.reason, held)
      return
    }
    if (held.length > parsed.length) socket.unshift(held.subarray(parsed.length))
    onHeader(parsed)
  }
  const stop = (): void => {
    clearTimeout(timer)
    socket.off('readable', look).off('end', close).off('close', stop).off('error', close)
  }
  socket.on('readable', look).on('end', close).once('close', stop).on('error', close)
}
