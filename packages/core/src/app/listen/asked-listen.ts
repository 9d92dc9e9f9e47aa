import { pipePrefix } from '../../platform/net/address/format-bind-address.ts'
import { hostInUrl } from '../../platform/net/address/host-in-url.ts'

/** The address that an app passes to `listen()`. */
export type AskedAddress =
  | {
      readonly kind: 'tcp'
      /** `null`: every interface, as in Node. */
      readonly host: string | null
      readonly port: number
    }
  | { readonly kind: 'unix' | 'pipe'; readonly path: string }
  | { readonly kind: 'fd'; readonly fd: number }

/** What an app asks for by a call of `listen()`, in a form that can cross to another process. */
export interface AskedListen {
  readonly address: AskedAddress
  /** `null`: the app leaves it to the default. */
  readonly backlog: number | null
  /** Settings that are on, among those that concern the address. */
  readonly flags: readonly ListenFlag[]
}

/**
 * Settings of `listen()` beside the address. Not `exclusive`: it says only how the workers of node:cluster share a handle, and has no effect in other
 * processes. srvx sets it for every server.
 */
export const listenFlags = ['ipv6Only', 'reusePort', 'readableAll', 'writableAll'] as const
export type ListenFlag = (typeof listenFlags)[number]

/** A call of `listen()`: what it asks for, and what it wants to be called with. */
export interface ListenCall {
  readonly asked: AskedListen
  readonly callback: ((this: object) => void) | null
  readonly signal: AbortSignal | null
}

/**
 * Reads the arguments of `server.listen()` as Node does: `normalizeArgs()` and `Server.prototype.listen()` in lib/net.js, which are private.
 * Returns `null` for what Node refuses, and for a handle, so that Node itself answers.
 */
export function readListenCall(args: readonly unknown[]): ListenCall | null {
  const [first, second, third] = args
  const last = args.at(-1)
  const callback = typeof last === 'function' ? (last as ListenCall['callback']) : null
  if (typeof first === 'object' && first !== null) {
    const options = first as Record<string, unknown>
    const address = addressOf(options)
    const signal = options['signal'] ?? null
    if (address === null || (signal !== null && !(signal instanceof AbortSignal))) return null
    const flags = listenFlags.filter((name) => Boolean(options[name]))
    const backlog = backlogOf(second) ?? backlogOf(third) ?? backlogOf(options['backlog'])
    return { asked: { address, backlog, flags }, callback, signal }
  }
  const isPath = typeof first === 'string' && first !== '' && portOf(first) === null
  const address: AskedAddress | null = isPath
    ? { kind: kindOfPath(first), path: first }
    : tcpAddress(typeof first === 'function' ? undefined : first, typeof second === 'string' ? second : null)
  if (address === null) return null
  return {
    asked: { address, backlog: backlogOf(second) ?? backlogOf(third), flags: [] },
    callback,
    signal: null,
  }
}

/** As the user wrote it, nearly: `listen(8080)`, `listen(8080, '127.0.0.1')`, `listen('/run/app.sock')`. */
export function describeListen({ address }: AskedListen): string {
  switch (address.kind) {
    case 'tcp':
      return address.host === null ? `listen(${address.port})` : `listen(${address.port}, '${address.host}')`
    case 'fd':
      return `listen({ fd: ${address.fd} })`
    default:
      return `listen('${address.path}')`
  }
}

/** For people: `127.0.0.1:9100`, `port 9100 on every interface`. */
export function describeAsked(address: AskedAddress): string {
  switch (address.kind) {
    case 'tcp':
      return address.host === null
        ? `port ${address.port} of every interface`
        : `${hostInUrl(address.host)}:${address.port}`
    case 'fd':
      return `fd://${address.fd}`
    default:
      return address.path
  }
}

function addressOf(options: Record<string, unknown>): AskedAddress | null {
  // An open handle, or something around one.
  if ('_handle' in options || 'handle' in options) return null
  const { fd, port, path, host } = options
  if (typeof fd === 'number' && fd >= 0) return { kind: 'fd', fd }
  if (port === undefined && typeof path === 'string' && path !== '') return { kind: kindOfPath(path), path }
  if (port === undefined && path !== undefined) return null
  if (port === undefined && !('port' in options)) return null
  return tcpAddress(port, typeof host === 'string' && host !== '' ? host : null)
}

function tcpAddress(given: unknown, host: string | null): AskedAddress | null {
  const port = given === undefined || given === null ? 0 : portOf(given)
  return port === null ? null : { kind: 'tcp', host: host === '' ? null : host, port }
}

/** Text counts as well: most apps pass `process.env.PORT`. */
function portOf(given: unknown): number | null {
  if (typeof given !== 'number' && (typeof given !== 'string' || given.trim() === '')) return null
  const port = Number(given)
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : null
}

function backlogOf(given: unknown): number | null {
  const backlog = typeof given === 'function' || typeof given === 'object' ? Number.NaN : Number(given)
  return Number.isInteger(backlog) && backlog > 0 ? backlog : null
}

function kindOfPath(path: string): 'unix' | 'pipe' {
  return path.startsWith(pipePrefix) ? 'pipe' : 'unix'
}
