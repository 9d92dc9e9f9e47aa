import type { Socket } from 'node:net'
import type { BroughtServerEvents } from '../serve-brought-server.ts'
import type { ServerParts } from '../server-parts.ts'

/** Takes a connection that was accepted. `false`: it was closed, and nothing may be done with it. */
export type Admit = (socket: Socket, how: { isSecured: boolean }) => boolean

/** What a listening server would have done with each connection, and the limit that it would have held. */
export function admitConnections(
  { plan, open, served, tune, onSocketError }: ServerParts,
  events: BroughtServerEvents | undefined,
): Admit {
  // Without TLS it is Node's HTTP server that takes them, and one listener less is a hundredth of what a connection costs.
  const tellsSocketErrors = plan.tls !== null || plan.log.level === 'debug'
  // The app may change them.
  const { limits } = plan
  return (socket, { isSecured }) => {
    if (open.isOver || (limits.connections !== null && open.ofClients >= limits.connections)) {
      if (!open.isOver) events?.dropped(socket)
      socket.destroy()
      return false
    }
    open.add(socket)
    served.connections += 1
    // No delay for small writes, and a plain client may close its half first.
    socket.setNoDelay(true)
    socket.allowHalfOpen = !isSecured
    tune?.(socket)
    if (tellsSocketErrors) socket.on('error', onSocketError)
    return true
  }
}
