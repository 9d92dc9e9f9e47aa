import type { OptionName } from '../../options/option-table.ts'

/**
 * The options that a server of the app may set, with their flags. One that the user has set wins. The flags are written here once more,
 * since a worker that loads the table of options would take twice as long to start.
 */
export const settableByApp = {
  'timeouts.keepAlive': '--keep-alive',
  'timeouts.headers': '--headers-timeout',
  'timeouts.request': '--request-timeout',
  'limits.headerBytes': '--limit-header-bytes',
  'limits.headerCount': '--limit-header-count',
  'limits.connections': '--limit-connections',
} as const satisfies { readonly [Name in OptionName]?: string }

export type SettableByApp = keyof typeof settableByApp

/** What becomes of a setting of an exported `http.Server` that differs from Node's default. */
export type SettingAnswer =
  /** It is the value of an option that the user has not set. Node means "no limit" by 0. */
  | { readonly into: 'option'; readonly option: SettableByApp; readonly none?: number }
  /** The server of HTTP/1.1 that Lockstep makes gets it. */
  | {
      readonly into: 'server'
      /** Why HTTP/2 can't have it; absent where it concerns HTTP/1.1 alone, or HTTP/2 has it too. */
      readonly notOverHttp2?: string
      /** Node would throw while it serves if it were anything else. */
      readonly type?: 'number' | 'function'
      /** Requests that break RFC 9112 would reach the app. */
      readonly lenient?: unknown
    }
  /** Each connection gets it. */
  | { readonly into: 'connection' }
  | { readonly into: 'refused'; readonly reason: string; readonly cure: string }

/**
 * Each setting that Node keeps on an `http.Server`, under the name of its member or the description of its symbol: those on symbols can be
 * read in no public way. Node's defaults are not written here. They are read from a new server, so that they are those of this Node. A
 * setting of a later Node that is not here is refused when it is set (`readSettings()`).
 */
export const serverSettings = {
  keepAliveTimeout: { into: 'option', option: 'timeouts.keepAlive', none: Number.POSITIVE_INFINITY },
  headersTimeout: { into: 'option', option: 'timeouts.headers', none: Number.POSITIVE_INFINITY },
  requestTimeout: { into: 'option', option: 'timeouts.request', none: 0 },
  maxHeaderSize: { into: 'option', option: 'limits.headerBytes' },
  maxHeadersCount: { into: 'option', option: 'limits.headerCount', none: Number.POSITIVE_INFINITY },
  maxConnections: { into: 'option', option: 'limits.connections' },
  // Lockstep always closes a connection above the limit, which is what it asks for.
  dropMaxConnection: { into: 'server' },
  // HTTP/2 has both as well: see `Http2Connections` and `createHttp2Server()`.
  maxRequestsPerSocket: { into: 'server', type: 'number' },
  timeout: { into: 'server', type: 'number' },
  keepAliveTimeoutBuffer: { into: 'server', type: 'number' },
  // Looked at as often as that, or more often.
  connectionsCheckingInterval: { into: 'server', type: 'number' },
  insecureHTTPParser: { into: 'server', lenient: true },
  httpValidation: { into: 'server', lenient: 'insecure' },
  // `requestFault()` looks for it, instead of Node.
  requireHostHeader: { into: 'server' },
  httpAllowHalfOpen: { into: 'server' },
  OptimizeEmptyRequestsOption: { into: 'server' },
  joinDuplicateHeaders: { into: 'server', notOverHttp2: 'HTTP/2 joins headers by rules of its own' },
  rejectNonStandardBodyWrites: { into: 'server', notOverHttp2: 'responses over HTTP/2 have no such check' },
  kUniqueHeaders: { into: 'server', notOverHttp2: 'responses over HTTP/2 send each value by itself' },
  IncomingMessage: {
    into: 'server',
    type: 'function',
    notOverHttp2: 'requests over HTTP/2 have another class',
  },
  ServerResponse: {
    into: 'server',
    type: 'function',
    notOverHttp2: 'responses over HTTP/2 have another class',
  },
  // `serve/upgrade/take-upgrades.ts` asks it.
  shouldUpgradeCallback: { into: 'server', type: 'function' },
  noDelay: { into: 'connection' },
  keepAlive: { into: 'connection' },
  keepAliveInitialDelay: { into: 'connection' },
  highWaterMark: { into: 'connection' },
  allowHalfOpen: { into: 'connection' },
  pauseOnConnect: {
    into: 'refused',
    reason: 'a paused connection would never be read',
    cure: 'Leave it out.',
  },
} as const satisfies { readonly [setting: string]: SettingAnswer }

export type ServerSetting = keyof typeof serverSettings

/** What people know a setting as, where Node keeps it under another name. */
export const settingNames: { readonly [setting: string]: string } = {
  kUniqueHeaders: 'uniqueHeaders',
  OptimizeEmptyRequestsOption: 'optimizeEmptyRequests',
}

/** Properties of Node's servers that are not settings. */
const internal = /^(?:_\w+|shapeMode|kCapture|async_id_symbol|http\.server\.\w+)$/

export function isSetting(name: string): boolean {
  return !internal.test(name)
}
