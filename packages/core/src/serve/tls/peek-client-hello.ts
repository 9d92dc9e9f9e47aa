import type { Socket } from 'node:net'
import { noteOfferedSuites } from '../../tls/policy/offered-suites.ts'

/**
 * Looks at the first bytes of a client before its handshake begins, and puts them back: Node shows a server no cipher suite that a
 * client offers, and a host with two chains must choose by them. A client that sends nothing is closed after the time for a handshake.
 */
export function peekClientHello(
  socket: Socket,
  { handshakeTimeoutMs, begin }: { handshakeTimeoutMs: number; begin: () => void },
): void {
  const timer = setTimeout(() => socket.destroy(), handshakeTimeoutMs)
  const onError = (): void => void socket.destroy()
  const look = (): void => {
    const bytes = socket.read() as Buffer | null
    if (bytes === null) return
    stop()
    noteOfferedSuites(socket, bytes)
    socket.unshift(bytes)
    begin()
  }
  const stop = (): void => {
    clearTimeout(timer)
    socket.off('readable', look).off('close', stop).off('error', onError)
  }
  socket.on('readable', look).once('close', stop).on('error', onError)
}
