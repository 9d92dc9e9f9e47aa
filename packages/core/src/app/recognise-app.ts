import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { http } from '../platform/node/node-http.ts'
import { answerUpgradeRequired, BroughtServer } from './contract/brought-server.ts'
import {
  addressOfFetchObject,
  type FetchHandler,
  type FetchObject,
  fetchHandlerOf,
} from './contract/fetch-object.ts'
import { serverBehind } from './contract/server-behind.ts'
import { endChain, type Middleware } from './end-chain.ts'
import type { CapturedServer } from './listen/captured-server.ts'
import type { ServedApp } from './served-app.ts'

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown
type Shape = Record<string, unknown>

interface Recogniser {
  readonly kind: string
  readonly matches: (given: Shape) => boolean
  /** Returns `null` for one that serves nothing. */
  readonly adopt: (given: Shape) => ServedApp | Promise<ServedApp> | null
}

/** How each kind of app is recognised, the most specific first. Each has its row in `contract/rows/shape-rows.ts`. */
const recognisers = [
  {
    kind: 'http.Server',
    matches: (given) => given instanceof http.Server,
    adopt: (given) => fromServer(given as unknown as Server, 'http.Server'),
  },
  {
    kind: 'WebSocketServer',
    matches: (given) => isFunction(given['handleUpgrade']) && isFunction(given['shouldHandle']),
    adopt: fromWebSockets,
  },
  {
    kind: 'Fastify',
    matches: (given) =>
      isFunction(given['ready']) && isFunction(given['routing']) && isFunction(given['inject']),
    adopt: fromFastify,
  },
  {
    kind: 'Koa',
    matches: (given) => isFunction(given['callback']) && Array.isArray(given['middleware']),
    adopt: (given) => ({ kind: 'Koa', handle: (given as unknown as Koa).callback() }),
  },
  {
    kind: 'Express',
    matches: (given) => isFunction(given) && isFunction(given['handle']) && isFunction(given['use']),
    adopt: fromExpress,
  },
  {
    kind: 'Hono',
    matches: (given) =>
      isFunction(given['fetch']) && isFunction(given['route']) && Array.isArray(given['routes']),
    adopt: (given) => fromFetch('Hono', given as unknown as FetchObject),
  },
  {
    kind: '{ fetch }',
    matches: (given) => isFunction(given['fetch']),
    adopt: (given) => fromFetch('{ fetch }', given as unknown as FetchObject),
  },
] as const satisfies readonly Recogniser[]

export type RecognisedKind = (typeof recognisers)[number]['kind']

interface Koa {
  callback(): NodeHandler
}

/** An object or a function that is an app by its shape, or `null`. Plain functions are the caller's to judge. */
export async function recogniseByShape(given: object): Promise<ServedApp | null> {
  for (const { matches, adopt } of recognisers) {
    if (!matches(given as Shape)) continue
    const app = await adopt(given as Shape)
    if (app) return app
  }
  return null
}

/** Whether an object is an app itself, and not one that holds apps under names. Adopts nothing. */
export function hasShapeOfApp(given: object): boolean {
  return recognisers.some(({ matches }) => matches(given as Shape))
}

/** A function with a third parameter is written for a chain of middleware, and gets the end of one. */
export function fromNodeHandler(handler: NodeHandler | Middleware): ServedApp {
  return handler.length > 2
    ? { kind: '(req, res, next)', handle: endChain(handler as Middleware) }
    : { kind: '(req, res)', handle: handler as NodeHandler }
}

export async function fromFetchHandler(handler: FetchHandler): Promise<ServedApp> {
  return { kind: '(request) => Response', isFetch: true, handle: await toHandler(handler) }
}

/** What a literal brings beside `fetch` is honoured, or refused by name. */
async function fromFetch(kind: string, app: FetchObject): Promise<ServedApp> {
  const asked = addressOfFetchObject(app)
  return { kind, isFetch: true, handle: await toHandler(fetchHandlerOf(app)), ...(asked && { asked }) }
}

/** Loaded for such an app alone. */
async function toHandler(handler: FetchHandler): Promise<ServedApp['handle']> {
  const { handleByFetch } = await import('./handle-by-fetch.ts')
  return handleByFetch(handler)
}

function fromServer(
  server: Server,
  kind: string,
  options?: ConstructorParameters<typeof BroughtServer>[1],
): ServedApp | null {
  if (server.listenerCount('request') === 0 && server.listenerCount('upgrade') === 0) return null
  return ofBrought(new BroughtServer(server, options), kind)
}

function ofBrought(brought: BroughtServer, kind: string): ServedApp {
  return {
    kind,
    server: brought,
    handle: (request, response) => brought.handle(request, response),
    upgrade: (request, socket, head) => brought.call('upgrade', request, socket, head),
  }
}

/** A `WebSocketServer` of ws: on a server of the app, or without one (`noServer`), where it takes every upgrade. */
function fromWebSockets(given: Shape): ServedApp | null {
  const { server } = (given['options'] ?? {}) as { server?: unknown }
  if (server instanceof http.Server) return fromServer(server, 'WebSocketServer')
  const webSockets = given as unknown as WebSocketServer
  return {
    kind: 'WebSocketServer',
    takesOnly: 'websocket',
    handle: (_, response) => answerUpgradeRequired(response),
    upgrade: (request, socket, head) =>
      webSockets.handleUpgrade(request, socket, head, (webSocket) =>
        webSockets.emit('connection', webSocket, request),
      ),
  }
}

/** The app of a server that listens by itself. Its listeners may come once it listens. */
export function fromCaptured(captured: CapturedServer): ServedApp {
  const { server } = captured
  const kind = kindOfServer(server)
  const asDefault = kind === 'Fastify' ? fastifyDefaults : {}
  return { ...ofBrought(new BroughtServer(server, { captured, asDefault }), kind), asked: captured.asked }
}

/** What made the server, as far as that shows. */
function kindOfServer(server: Server): string {
  const [listener] = server.rawListeners('request') as unknown as (Shape | undefined)[]
  if (isFunction(listener) && isFunction(listener['handle']) && isFunction(listener['use'])) return 'Express'
  if (server.requestTimeout === 0 && server.keepAliveTimeout === fastifyKeepAliveMs) return 'Fastify'
  return 'http.Server'
}

interface WebSocketServer {
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    onOpen: (webSocket: unknown) => void,
  ): void
  emit(event: string, ...given: unknown[]): boolean
}

/** With express-ws, the app has a server of its own, to which its WebSockets belong. */
function fromExpress(app: Shape): ServedApp {
  const server = isFunction(app['ws']) ? serverBehind(app) : null
  return (
    (server && fromServer(server, 'Express')) ?? { kind: 'Express', handle: app as unknown as NodeHandler }
  )
}

/** Fastify sets this on its server when the app asks for nothing; Lockstep's own limit is then the better one. */
const fastifyDefaults = { requestTimeout: 0 }

/** Its default, which nothing else has. */
const fastifyKeepAliveMs = 72_000

async function fromFastify(app: Shape): Promise<ServedApp> {
  await (app['ready'] as () => Promise<unknown>).call(app)
  const { routing, server, close } = app as {
    routing: NodeHandler
    server?: unknown
    close?: () => Promise<void>
  }
  return {
    // Its server listens for requests with the same function.
    ...((server instanceof http.Server && fromServer(server, 'Fastify', { asDefault: fastifyDefaults })) || {
      handle: routing,
    }),
    kind: 'Fastify',
    ...(close && { close: () => close.call(app) }),
  }
}

function isFunction(given: unknown): given is ((...args: unknown[]) => unknown) & Shape {
  return typeof given === 'function'
}
