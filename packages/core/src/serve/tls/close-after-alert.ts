import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { socketBelow } from '../../platform/node/internals/socket-below.ts'

/** A few turns of the event loop, on a busy machine too. */
const windowsMs = 20

/**
 * Closes a connection whose handshake has failed, as `https.Server` does, or a client that is too slow would keep it. On Windows a write is
 * complete in a later turn of the event loop. Node holds the alert back until the write of the server's own flight is complete, and drops
 * it if the connection is closed before: the client would then never know the reason.
 */
export function closeAfterAlert(secured: TLSSocket): void {
  const below = process.platform === 'win32' ? socketBelow(secured) : null
  if (below) closeLater(below)
  secured.destroy()
}

/** Node closes the connection by this method, and so does a stop that waits no longer: the second call closes at once. */
function closeLater(socket: Socket): void {
  const { destroy } = socket
  socket.destroy = () => {
    socket.destroy = destroy
    setTimeout(() => socket.destroySoon(), windowsMs)
    return socket
  }
}
