import { LaunchError } from '../../errors/launch-error.ts'
import type { AskedListen } from '../listen/asked-listen.ts'
import { clientFacts } from '../request/client-facts.ts'

export type FetchHandler = (request: Request) => Response | Promise<Response>

/** An app for the Fetch API. `export default { fetch }` is what Bun, Deno and others serve. */
export interface FetchObject {
  fetch(request: Request, peer?: Peer): Response | Promise<Response>
  /** As in Bun: answers a request on which `fetch` has failed. */
  error?(failure: unknown): Response | Promise<Response>
}

/** What the second parameter of `fetch` is for: the client's address, in the forms of Deno (`info`) and of Bun (`server`). */
interface Peer {
  readonly remoteAddr: { readonly transport: 'tcp'; readonly hostname: string; readonly port: number }
  requestIP(
    request: Request,
  ): { readonly address: string; readonly port: number; readonly family: string } | null
}

/** The function that answers requests, with what a literal brings for that. Other objects are apps of frameworks: their members are their own. */
export function fetchHandlerOf(app: FetchObject): FetchHandler {
  const { fetch, error } = app
  const literal = isLiteral(app)
  const call: FetchHandler =
    literal && fetch.length === 2
      ? (request) => fetch.call(app, request, peerOf(request))
      : (request) => fetch.call(app, request)
  if (!literal || typeof error !== 'function') return call
  return async (request) => {
    try {
      return await call(request)
    } catch (failure) {
      return error.call(app, failure)
    }
  }
}

function peerOf(request: Request): Peer {
  const { address, port } = clientFacts(request)
  return {
    remoteAddr: { transport: 'tcp', hostname: address ?? '', port: port ?? 0 },
    requestIP(of) {
      const client = clientFacts(of)
      return client.address === null
        ? null
        : {
            address: client.address,
            port: client.port ?? 0,
            family: client.address.includes(':') ? 'IPv6' : 'IPv4',
          }
    },
  }
}

/** Members that Bun, Deno or srvx read beside `fetch`, and that cannot be honoured. */
export const refusedFetchSettings = {
  websocket: {
    reason: 'the WebSockets of Bun exist in Bun alone',
    cure: 'Export an http.Server with a WebSocketServer of ws, or use crossws with its adapter for Node.',
  },
  routes: {
    reason: 'only `fetch` is called',
    cure: 'Answer these paths in `fetch`, as with a router such as Hono.',
  },
  static: { reason: 'only `fetch` is called', cure: 'Answer these paths in `fetch`.' },
  middleware: { reason: 'only `fetch` is called', cure: 'Call these functions in `fetch`.' },
  plugins: {
    reason: 'only `fetch` is called',
    cure: 'Leave it out, or export what `serve()` of srvx makes.',
  },
  unix: { reason: 'Lockstep listens', cure: 'Use --bind unix:PATH.' },
  idleTimeout: {
    reason: 'here a request and a connection have limits of their own',
    cure: 'Leave it out, and use --keep-alive and --request-timeout.',
  },
  maxRequestBodySize: {
    reason: 'Lockstep does not limit the size of a body',
    cure: 'Count the bytes in `fetch`, and leave it out.',
  },
  onListen: { reason: 'Lockstep listens, and prints the addresses', cure: 'Leave it out.' },
} as const satisfies { readonly [setting: string]: { readonly reason: string; readonly cure: string } }

export type RefusedFetchSetting = keyof typeof refusedFetchSettings

/** What Bun takes when only `hostname` is set, and what Lockstep takes by default. */
const portOfBun = 3000

/** Where a literal asks to be served, as Bun and Deno read it. A port may be text, as from the environment. `null`: it names neither port nor host. */
export function addressOfFetchObject(app: FetchObject): AskedListen | null {
  if (!isLiteral(app)) return null
  const { port, hostname } = app
  const host = typeof hostname === 'string' && hostname !== '' ? hostname : null
  if (port === undefined || port === null)
    return host === null
      ? null
      : { address: { kind: 'tcp', host, port: portOfBun }, backlog: null, flags: [] }
  const number = typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port
  if (!Number.isInteger(number) || (number as number) < 0 || (number as number) > 65_535)
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
      message: `The app sets port beside fetch to ${String(port)}, which cannot be honoured: it is not a whole number from 0 to 65535.`,
      hint: 'Correct it, or leave it out and use --port.',
    })
  return { address: { kind: 'tcp', host, port: number as number }, backlog: null, flags: [] }
}

/** Throws `LOCKSTEP_ERR_APP_SERVER_SETTING` for what an exported literal with `fetch` asks of its server in vain. */
export function refuseFetchSettings(given: object, { where }: { where: string }): void {
  if (!isLiteral(given) || typeof given['fetch'] !== 'function') return
  const found = Object.entries(refusedFetchSettings).filter(([name]) => asksFor(given[name]))
  const [first] = found
  if (!first) return
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_APP_SERVER_SETTING',
    message: `What ${where} exports sets ${found.map(([name]) => name).join(', ')} beside fetch, which cannot be honoured: ${first[1].reason}.`,
    hint: [...new Set(found.map(([, { cure }]) => cure))].join(' '),
  })
}

/** An empty list or table asks for nothing. */
function asksFor(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

/** An object that was written as such, also of another realm, and not an instance of a framework. */
export function isLiteral(given: object): given is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(given)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
