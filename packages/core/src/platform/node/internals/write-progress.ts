import type { Socket } from 'node:net'

interface StreamHandle {
  readonly bytesWritten?: number
  readonly writeQueueSize?: number
}

/**
 * How many bytes of a connection wait in this process, and how many the system has taken. A trick: the handle is private to Node. In public there is only
 * `writableLength`, which changes when the whole of a write is done: a client that takes a minute for a large one would look stalled.
 * `Socket.prototype._onTimeout` in Node's `lib/net.js` reads the same. Without the handle, whole writes are what is seen.
 */
export function writeProgress(socket: Socket): { readonly pending: number; readonly taken: number } {
  const { _handle: handle } = socket as { _handle?: StreamHandle | null }
  const pending = handle?.writeQueueSize ?? socket.writableLength
  return { pending, taken: (handle?.bytesWritten ?? socket.bytesWritten) - pending }
}
