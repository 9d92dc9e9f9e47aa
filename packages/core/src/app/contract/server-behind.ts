import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { http } from '../../platform/node/node-http.ts'

/**
 * The `http.Server` on which an app would listen, or `null`. express-ws keeps it to itself: only the app's `listen()` reaches it. So that is
 * called while `listen()` of Node's servers is patched to bind nothing, which is a trick, and is put back at once: everything in between
 * runs synchronously. Look at this when Node's `http.Server` no longer inherits `listen()` from `net.Server`.
 */
export function serverBehind(app: object): Server | null {
  const { listen } = app as { listen?: unknown }
  if (typeof listen !== 'function') return null
  const original = NetServer.prototype.listen
  let found: NetServer | null = null
  NetServer.prototype.listen = function (this: NetServer) {
    found ??= this
    return this
  } as typeof original
  try {
    listen.call(app)
  } finally {
    NetServer.prototype.listen = original
  }
  return (found as unknown) instanceof http.Server ? (found as unknown as Server) : null
}
