import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { symbolMember } from './symbol-member.ts'

interface ConnectionsList {
  idle(): readonly { readonly socket?: Socket | null }[]
}

/**
 * The connections of an HTTP server on which no request has begun that isn't complete; answers may still be on their way. A trick: this list is private to Node. Nothing
 * public distinguishes empty lines, which may come before a request, from the beginning of one. `server.closeIdleConnections()` reads the same list.
 * When Node changes: see `setupConnectionsTracking()` in its `lib/_http_server.js`. Without the list this returns nothing.
 */
export function idleConnections(server: Server): Socket[] {
  const list = symbolMember(server, 'http.server.connections') as Partial<ConnectionsList> | undefined
  return (list?.idle?.() ?? []).flatMap(({ socket }) => socket ?? [])
}
