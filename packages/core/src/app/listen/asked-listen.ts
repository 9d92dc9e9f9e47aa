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
export const listenFlags = [
  'ipv6Only',
  'reusePort',
  'readableAll',
  'writableAll',
] as const satisfies readonly ListenFlag[]

/** A setting of `listen()` that is on. */
export type ListenFlag = 'ipv6Only' | 'reusePort' | 'readableAll' | 'writableAll'

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
  const [, second, third] = args
  const last = args.at(-1)
  const callback = typeof last === 'function' ? (last as ListenCall['callback']) : null
  const ofArguments = backlogOf(second) ?? backlogOf(third)
  const options = optionsOf(args)
  const address = addressOf(options)
  const { signal, backlog } = options
  if (address === null || (signal !== undefined && !(signal instanceof AbortSignal))) return null
  return {
    asked: {
      address,
      // Of a descriptor, Node reads the arguments alone.
      backlog: (address.kind === 'fd' ? null : backlogOf(backlog)) ?? ofArguments,
      flags: listenFlags.filter((name) => Boolean(options[name])),
    },
    callback,
    signal: signal ?? null,
  }
}

/** The options of `listen()` that ask for the same port. */
export function listenOptions({ address, backlog, flags }: AskedListen): object {
  if (address.kind !== 'tcp') throw new TypeError('only a port is asked for')
  return {
    port: address.port,
    ...(address.host !== null && { host: address.host }),
    ...(backlog !== null && { backlog }),
    ...Object.fromEntries(flags.map((flag) => [flag, true])),
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

/** A port that is left out is one that is `undefined`: Node then takes a free one. */
function optionsOf(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const [first, second] = args
  if (typeof first === 'object' && first !== null) return first as Record<string, unknown>
  if (isPath(first)) return { path: first }
  return {
    port: typeof first === 'function' ? undefined : first,
    ...(typeof second === 'string' && { host: second }),
  }
}

function addressOf(options: Readonly<Record<string, unknown>>): AskedAddress | null {
  const { fd, port, path, host } = options
  // An open handle, or something around one.
  if (options['_handle'] || options['handle']) return null
  if (typeof fd === 'number' && fd >= 0) return { kind: 'fd', fd }
  if (port === null || (port === undefined && 'port' in options)) return tcpAddress(0, host)
  if (port !== undefined) return tcpAddress(port, host)
  return isPath(path) ? { kind: kindOfPath(path), path } : null
}

function tcpAddress(given: unknown, host: unknown): AskedAddress | null {
  const port = portOf(given)
  if (port === null || (host && typeof host !== 'string')) return null
  return { kind: 'tcp', host: host ? String(host) : null, port }
}

/** Text counts as well: most apps pass `process.env.PORT`. */
function portOf(given: unknown): number | null {
  if (typeof given !== 'number' && (typeof given !== 'string' || given.trim() === '')) return null
  const port = Number(given)
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : null
}

/** Text that is not a number from 0 on. `70000` is a port, and one that there can't be. */
function isPath(given: unknown): given is string {
  return typeof given === 'string' && !(Number(given) >= 0)
}

function backlogOf(given: unknown): number | null {
  const backlog = typeof given === 'function' || typeof given === 'object' ? Number.NaN : Number(given)
  return Number.isInteger(backlog) && backlog > 0 ? backlog : null
}

function kindOfPath(path: string): 'unix' | 'pipe' {
  return path.startsWith(pipePrefix) ? 'pipe' : 'unix'
}
