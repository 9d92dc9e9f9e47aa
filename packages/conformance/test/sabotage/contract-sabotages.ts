import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import inspector from 'node:inspector'
import { syncBuiltinESMExports } from 'node:module'
import { PassThrough } from 'node:stream'
import type { ContractRowName } from '@lockstep/core/internal'

/** What is done to an app, in the process that serves, so that one thing that it brings has no effect. */
export interface ContractSabotage {
  /** Before the app is imported. */
  readonly before?: () => void
  /** Once it is imported. */
  readonly after?: () => void
  /** Changes or replaces the export that is the app. */
  readonly app?: (app: never) => unknown
  /** A function that its module seems not to export. */
  readonly without?: 'start' | 'stop'
  /** What the functions of the lifespan get. */
  readonly context?: (context: object) => object
}

type Members = Record<string | symbol, unknown>
type Answer = { end(text: string): void }
type Handler = (request: { url?: string }, response: Answer) => unknown

const another: ContractSabotage = { app: () => (_: unknown, response: Answer) => response.end('{}') }

/** Takes a member away, or sets it to a value. Node keeps some on symbols. */
function member(name: string, value?: unknown): ContractSabotage {
  return {
    app(app: Members) {
      const isIt = (key: string | symbol): boolean => key === name || (key as symbol).description === name
      const key = Reflect.ownKeys(app).find(isIt) ?? name
      if (value === undefined) delete app[key]
      else app[key] = value
      return app
    },
  }
}

/** Replaces a member that Lockstep sets itself: at the first connection it has done so. */
function memberLater(name: string, value: unknown): ContractSabotage {
  return {
    app: (server: Server) =>
      server.prependListener('connection', () =>
        Object.defineProperty(server, name, { configurable: true, get: () => value, set() {} }),
      ),
  }
}

function withoutListeners(event: string): ContractSabotage {
  return { app: (server: Server) => server.removeAllListeners(event) }
}

function property(name: string, value: unknown): ContractSabotage {
  const get = (): unknown => value
  return { before: () => void Object.defineProperty(process, name, { get, set() {}, configurable: true }) }
}

const variable = (name: string): ContractSabotage => ({ before: () => void delete process.env[name] })
const sendsNothing = property('send', () => true)
const catches: ContractSabotage = {
  before: () => process.setUncaughtExceptionCaptureCallback(() => undefined),
}

/** A sabotage for each row that a case observes. The name of a member is that behind the slash of its row. */
export const contractSabotages: { readonly [Name in ContractRowName]?: ContractSabotage } = {
  ...each(another, [
    ...(['export/default', 'export/named', 'export/handler', 'export/promise', 'export/missing'] as const),
    ...(['export/throws on load', 'shape/http.Server', 'shape/Koa', 'shape/Express', 'shape/Hono'] as const),
    ...(['shape/{ fetch }', 'shape/factory', 'shape/(request) => Response', 'shape/(req, res)'] as const),
    ...(['shape/(req, res, next)', 'shape/WebSocketServer', 'shape/unrecognised'] as const),
    ...(['shape/one parameter', 'shape/(error, req, res, next)', 'process/never ready'] as const),
    'shape/part of an app',
    ...(['tls/an https.Server', 'tls/a tls.Server'] as const),
    'tls/a server of http2.createSecureServer()',
    'tls/a server of http2.createServer()',
  ]),
  'shape/Fastify': member('ready', async () => undefined),
  'tls/an object with `tls`': member('tls'),
  ...each(
    (name) => member(name),
    [
      ...(['fetch-setting/error', 'fetch-setting/websocket', 'fetch-setting/routes'] as const),
      ...(['fetch-setting/static', 'fetch-setting/middleware', 'fetch-setting/plugins'] as const),
      ...(['fetch-setting/unix', 'fetch-setting/idleTimeout', 'fetch-setting/onListen'] as const),
      ...(['fetch-setting/maxRequestBodySize', 'setting/maxHeaderSize', 'setting/maxHeadersCount'] as const),
      ...(['setting/maxRequestsPerSocket', 'setting/joinDuplicateHeaders', 'setting/timeout'] as const),
      ...(['setting/requireHostHeader', 'setting/kUniqueHeaders', 'setting/IncomingMessage'] as const),
      ...([
        'setting/rejectNonStandardBodyWrites',
        'setting/ServerResponse',
        'setting/maxConnections',
      ] as const),
      ...(['setting/highWaterMark', 'setting/shouldUpgradeCallback', 'setting/insecureHTTPParser'] as const),
      'setting/pauseOnConnect',
    ],
  ),
  'setting/keepAliveTimeout': member('keepAliveTimeout', 5_000),
  'setting/later': memberLater('keepAliveTimeout', 5_000),
  'setting/headersTimeout': member('headersTimeout', 60_000),
  'setting/requestTimeout': member('requestTimeout', 300_000),
  'setting/httpAllowHalfOpen': member('httpAllowHalfOpen', false),
  ...each((name) => member(name), tlsSettingsByMember()),
  'tls-setting/rejectUnauthorized': member('rejectUnauthorized', true),
  'tls-setting/honorCipherOrder': member('honorCipherOrder', true),
  'tls-setting/SNICallback': member('snicallback'),
  'tls-setting/pskCallback': member('pskcallback'),
  'tls-setting/addContext': member('_contexts', []),
  'tls-setting/handshakeTimeout': member('handshake-timeout', 120_000),
  ...each(
    (name) => withoutListeners(name.replace('a listener for ', '')),
    [
      ...(['tls-setting/a listener for newSession', 'tls-setting/a listener for resumeSession'] as const),
      ...(['tls-setting/a listener for OCSPRequest', 'tls-setting/a listener for keylog'] as const),
      ...([
        'tls-setting/a listener for tlsClientError',
        'event/checkExpectation',
        'event/clientError',
      ] as const),
      ...(['tls-setting/a listener for secureConnection', 'event/request', 'event/checkContinue'] as const),
      ...(['event/connect', 'event/connection', 'event/dropRequest', 'event/listening'] as const),
      ...(['event/close', 'event/upgrade', 'event/drop', 'event/timeout', 'event/secureConnection'] as const),
      'event/tlsClientError',
    ],
  ),
  ...each(variable('SUITE_LISTENS'), [
    ...(['listening/first server', 'listening/port', 'listening/callback', 'listening/later'] as const),
    ...(['listening/exported too', 'listening/own socket', 'listening/never'] as const),
    ...(['listening/another app', 'listening/another server', 'listening/other settings'] as const),
    'listening/node:cluster',
  ]),
  'upgrade/any': withoutListeners('upgrade'),
  'upgrade/health path': withoutListeners('upgrade'),
  'upgrade/CONNECT': withoutListeners('connect'),
  'upgrade/handler that fails': {
    app: (server: Server) =>
      server
        .removeAllListeners('upgrade')
        .on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Fine\r\n\r\n')),
  },
  'upgrade/web sockets alone': {
    app: (server: Server) => server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Fine\r\n\r\n')),
  },
  'upgrade/requests without a listener': {
    app: (server: Server) => server.on('request', (_, response) => response.end()),
  },
  'member/listening': memberLater('listening', false),
  'member/address': memberLater('address', () => null),
  'member/getConnections': memberLater('getConnections', (call: (error: null, count: number) => void) =>
    call(null, 0),
  ),
  'member/closeIdleConnections': memberLater('closeIdleConnections', () => undefined),
  'member/closeAllConnections': memberLater('closeAllConnections', () => undefined),
  'member/socket.server': {
    app: (server: Server) =>
      server.prependListener('connection', (socket) => Object.assign(socket, { server: null })),
  },
  'lifespan/start': { without: 'start' },
  'lifespan/stop': { without: 'stop' },
  'lifespan/worker': { context: (context) => ({ ...context, worker: 99 }) },
  'lifespan/signal': { context: (context) => ({ ...context, signal: new AbortController().signal }) },
  'signal/SIGTERM': { after: () => void process.removeAllListeners('SIGTERM') },
  'signal/exit in a listener': {
    before: () =>
      void process.on('exit', () => {
        process.exitCode = 3
      }),
  },
  'message/ready': sendsNothing,
  'message/shutdown': { after: () => void process.removeAllListeners('message') },
  'message/disconnect': property('disconnect', () => undefined),
  'message/connected': property('connected', undefined),
  'message/channel': property('channel', undefined),
  ...each(sendsNothing, [
    'message/handle',
    'message/too large',
    'message/not JSON',
    'message/after disconnect',
  ]),
  'process/argv': { before: () => void process.argv.splice(2) },
  'process/execArgv': { before: () => void process.execArgv.push('--of-the-launcher') },
  'process/env': variable('SUITE_VARIABLE'),
  'process/.env': variable('OF_THE_FILE'),
  'process/cwd': { before: () => process.chdir('/') },
  'process/title': property('title', 'node'),
  'process/stdin': property('stdin', new PassThrough()),
  'process/stdout': {
    before() {
      const { stdout } = process
      const write = stdout.write.bind(stdout) as (text: unknown, ...more: unknown[]) => boolean
      Object.assign(stdout, {
        write: (text: unknown, ...more: unknown[]) =>
          text === 'the app writes this\n' || write(text, ...more),
      })
    },
  },
  'process/uncaughtException': catches,
  'process/uncaught while serving': catches,
  'process/exit while serving': property('exit', () => undefined),
  ...each(variable('SUITE_FAILS'), ['process/exit before ready', 'process/uncaught before ready']),
  'process/handler throws': {
    app: (app: Handler) => (request: { url?: string }, response: Answer) =>
      request.url === '/handler-throws' ? response.end('') : app(request, response),
  },
  'node/flags': {
    before: () => {
      Error.stackTraceLimit = 10
    },
  },
  'node/inspect': { before: () => inspector.close() },
  'child/child process': property('execPath', '/missing'),
  'child/worker thread': {
    before() {
      const threads = process.getBuiltinModule('node:worker_threads')
      class Worker extends EventEmitter {
        readonly timer = setTimeout(() => this.emit('exit', 0))
      }
      Object.assign(threads, { Worker })
      syncBuiltinESMExports()
    },
  },
}

const launcherAlone = 'The launcher decides it before it loads the app.'

/** Rows that no change of an app can spoil, and why. */
export const withoutSabotage: { readonly [Name in ContractRowName]?: string } = {
  'export/not found': 'There is no file to change.',
  'fetch-setting/port and hostname':
    'The suite sets an address, which overrides them. test/app/exported-shapes.test.ts sees them.',
  'lifespan/others': 'The app never had an effect by them.',
  'upgrade/of http': 'The app never gets it.',
  'node/import': 'The option has a sabotage of its own.',
  'node/header size': launcherAlone,
  'node/unsafe': launcherAlone,
  'node/any certificate': launcherAlone,
}

function tlsSettingsByMember(): readonly ContractRowName[] {
  const names = [
    ...(['cert', 'key', 'pfx', 'passphrase', 'requestCert', 'ca', 'crl', 'minVersion'] as const),
    ...(['maxVersion', 'secureProtocol', 'ciphers', 'ecdhCurve', 'sigalgs', 'dhparam'] as const),
    ...(['secureOptions', 'ALPNProtocols', 'ALPNCallback', 'sessionTimeout', 'ticketKeys'] as const),
    ...(['clientCertEngine', 'privateKeyEngine', 'certificateCompression'] as const),
  ]
  return names.map((name) => `tls-setting/${name}` as const)
}

function each(
  sabotage: ContractSabotage | ((name: string) => ContractSabotage),
  rows: readonly ContractRowName[],
): { readonly [Name in ContractRowName]?: ContractSabotage } {
  const made = (row: string): ContractSabotage =>
    typeof sabotage === 'function' ? sabotage(row.slice(row.indexOf('/') + 1)) : sabotage
  return Object.fromEntries(rows.map((row) => [row, made(row)]))
}
