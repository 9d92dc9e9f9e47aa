import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Closes the idle connections of these servers, except those to spare. A trick: while Node closes them, `destroy()` of those that are spared does
 * nothing. `server.closeIdleConnections()` is the only way to Node's list of idle connections, and it takes no exceptions; a connection counts as
 * idle there as soon as the app has ended the answer, though a slow client may still have most of it to come. When Node changes: see
 * `closeIdleConnections()` in its `lib/_http_server.js`, which must still call `socket.destroy()`.
 */
export function closeIdleConnections(
  servers: readonly Server[],
  { spare }: { spare: Iterable<Socket> },
): void {
  const spared = [...spare]
  for (const socket of spared) Object.assign(socket, { destroy: () => socket })
  for (const server of servers) server.closeIdleConnections()
  for (const socket of spared) Reflect.deleteProperty(socket, 'destroy')
}
