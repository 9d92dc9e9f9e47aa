import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/**
 * The socket on which a TLS socket of a server runs. A trick: `_parent` is private to Node. A TLS server hands out no other link between the
 * two, and a UNIX domain socket has no addresses to compare. When Node changes: see `TLSSocket` in its `lib/internal/tls/wrap.js` or
 * `lib/_tls_wrap.js`. Without that property this returns `null`, and the caller closes the connection.
 */
export function socketBelow(secured: TLSSocket): Socket | null {
  const { _parent: below } = secured as { _parent?: unknown }
  return typeof below === 'object' && below !== null ? (below as Socket) : null
}
