import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { plainAddress } from '../../platform/net/address/plain-address.ts'
import { nodeRequestOf } from './node-request.ts'

/** Who has sent a request, and to what. */
export interface ClientFacts {
  /**
   * An IP address, IPv4 always in its own form. Behind a trusted proxy it may also be a name that the proxy has made up, such as `_hidden`
   * (RFC 7239 section 6.3). `null` where it is not known, as on a UNIX domain socket.
   */
  readonly address: string | null
  /** The port of the client; `null` where it is not known. A proxy seldom says it. */
  readonly port: number | null
  /** What the client spoke: `https` when it used TLS, to this server or to a trusted proxy. */
  readonly scheme: 'http' | 'https'
  /** The host that the client named, with its port if it named one; `null` if it named none. */
  readonly host: string | null
  /** Whether a trusted proxy has said so (`proxy.trusted`). Otherwise it is what the connection shows. */
  readonly isForwarded: boolean
}

/**
 * Who has sent a request: its address, its port, its scheme and the host that it named. What a proxy says counts only if the option
 * `proxy.trusted` names that proxy. For the request that the app was called with: that of Node in `(req, res)`, or the `Request` of the Fetch
 * API (with Hono, `c.req.raw`). It never throws.
 *
 * @example
 * ```ts
 * import type { IncomingMessage, ServerResponse } from 'node:http'
 * import { clientFacts } from 'lockstep'
 *
 * export default function app(request: IncomingMessage, response: ServerResponse) {
 *   const { address, scheme } = clientFacts(request)
 *   response.setHeader('Set-Cookie', `visit=1; HttpOnly${scheme === 'https' ? '; Secure' : ''}`)
 *   response.end(`Hello ${address}`)
 * }
 * ```
 */
export function clientFacts(request: IncomingMessage | Request): ClientFacts {
  const node = nodeRequestOf(request)
  return node === null ? noFacts : (factsGiven(node) ?? factsOfConnection(node))
}

const noFacts: ClientFacts = { address: null, port: null, scheme: 'http', host: null, isForwarded: false }

/** What the connection itself shows, as long as it is open. */
export function factsOfConnection({ socket, headers }: IncomingMessage): ClientFacts {
  // Over HTTP/2, a request that has ended may have none any more.
  const { remoteAddress, remotePort, encrypted } = (socket ?? {}) as Partial<TLSSocket>
  return {
    address: remoteAddress === undefined ? null : plainAddress(remoteAddress),
    port: remotePort ?? null,
    scheme: encrypted === true ? 'https' : 'http',
    host: headers.host ?? null,
    isForwarded: false,
  }
}

/** What was remembered of a request; `null` where nothing was, as for every request while no proxy is trusted. */
export function factsGiven(request: IncomingMessage): ClientFacts | null {
  return shared[key]?.get(request) ?? null
}

/** The map is shared by name and not by module, as in `node-request.ts`. Without a trusted proxy there is none, and nothing to look up. */
export function rememberFacts(request: IncomingMessage, facts: ClientFacts): void {
  shared[key] ??= new WeakMap()
  shared[key].set(request, facts)
}

const key = Symbol.for('lockstep.client-facts')

const shared = globalThis as { [key]?: WeakMap<object, ClientFacts> }
