import type { Socket } from 'node:net'

const patienceMs = 500

/**
 * Ends a connection and waits until the server has ended it too, so that the next probe does not meet a server that still
 * counts this one against its limit of connections.
 */
export async function closed(socket: Socket): Promise<void> {
  socket.on('error', () => undefined)
  const done = Promise.withResolvers<void>()
  if (socket.closed) done.resolve()
  socket.once('close', () => done.resolve())
  const timer = setTimeout(done.resolve, patienceMs)
  socket.end()
  await done.promise
  clearTimeout(timer)
  socket.destroy()
}
