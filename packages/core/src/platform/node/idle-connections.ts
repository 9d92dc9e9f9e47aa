import type { Server } from 'node:http'
import type { Socket } from 'node:net'

interface ConnectionsList {
  idle(): readonly { readonly socket?: Socket | null }[]
}

/**
 * The connections of an HTTP server on which no request has begun that isn't complete; answers may still be on their way. A trick: this list is private to Node. Nothing
 * public distinguishes empty lines, which may come before a request, from the beginning of one. `server.closeIdleConnections()` reads the same list.
 * When Node changes: see `setupConnectionsTracking()` in its `lib/_http_server.js`. Without the list this returns nothing.
 */
export function idleConnections(server: Server): Socket[] {
  const key = Object.getOwnPropertySymbols(server).find(
    ({ description }) => description === 'http.server.connections',
  )
  const list = key && (server as unknown as Record<symbol, Partial<ConnectionsList>>)[key]
  return (list?.idle?.() ?? []).flatMap(({ socket }) => socket ?? [])
}
