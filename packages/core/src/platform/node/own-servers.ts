import type { Server } from 'node:net'

/** The servers of the launcher itself, to distinguish them from those of an app in the same process. */
const servers = new WeakSet<object>()

/** To be called before the server listens. */
export function ownServer<Kind extends Server>(server: Kind): Kind {
  servers.add(server)
  return server
}

export function isOwnServer(server: object): boolean {
  return servers.has(server)
}
