import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { controlLimits } from './control-limits.ts'

/**
 * Closes connections that do not send a request in time. When too many wait, the oldest is closed: a client that sends its
 * request at once is served, however many others keep silent. No connection keeps the process alive: `lockstep stop` waits on
 * one while an app ends by leaving nothing to do.
 */
export function limitConnections(server: Server): void {
  const waiting = new Map<Socket, NodeJS.Timeout>()
  const forget = (socket: Socket): void => {
    clearTimeout(waiting.get(socket))
    waiting.delete(socket)
  }
  server.on('connection', (socket: Socket) => {
    socket.unref()
    const [oldest] = waiting.keys()
    if (oldest && waiting.size >= controlLimits.waitingConnections) oldest.destroy()
    waiting.set(socket, setTimeout(() => socket.destroy(), controlLimits.requestMs).unref())
    socket.once('close', () => forget(socket))
  })
  server.on('request', ({ socket }) => forget(socket))
}
