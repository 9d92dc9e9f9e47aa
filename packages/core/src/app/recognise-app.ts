import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'
import type { ServerRequest } from 'srvx'
import { rememberNodeRequest } from './node-request.ts'
import type { ServedApp } from './served-app.ts'

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown
type FetchHandler = (request: Request) => Response | Promise<Response>
type Shape = Record<string, unknown>

/** How each kind of app is told from the others, the most particular first. */
const recognisers: readonly {
  readonly kind: string
  readonly recognise: (given: Shape) => ServedApp | Promise<ServedApp> | null
}[] = [
  {
    kind: 'http.Server',
    recognise: (given) =>
      given instanceof NetServer && given.listenerCount('request') > 0 ? fromServer(given) : null,
  },
  {
    kind: 'Fastify',
    recognise: (given) =>
      isFunction(given['ready']) && isFunction(given['routing']) && isFunction(given['inject'])
        ? fromFastify(given)
        : null,
  },
  {
    kind: 'Koa',
    recognise: (given) =>
      isFunction(given['callback']) && Array.isArray(given['middleware'])
        ? { kind: 'Koa', handle: given['callback'].call(given) as NodeHandler }
        : null,
  },
  {
    kind: 'Express',
    recognise: (given) =>
      isFunction(given) && isFunction(given['handle']) && isFunction(given['use'])
        ? { kind: 'Express', handle: given as unknown as NodeHandler }
        : null,
  },
  {
    kind: 'Hono',
    recognise: (given) =>
      isFunction(given['fetch']) && isFunction(given['route']) && Array.isArray(given['routes'])
        ? fromFetch('Hono', given)
        : null,
  },
  {
    kind: '{ fetch }',
    recognise: (given) => (isFunction(given['fetch']) ? fromFetch('{ fetch }', given) : null),
  },
]

/** For the message of a refusal. */
export const recognisable =
  'a (req, res) function, { fetch }, an app of Express, Koa, Fastify or Hono, an http.Server with a request listener, or a factory of any of these'

/** An object or a function that is an app by its shape, or `null`. Plain functions are the caller's to judge. */
export async function recogniseByShape(given: object): Promise<ServedApp | null> {
  for (const { recognise } of recognisers) {
    const app = await recognise(given as Shape)
    if (app) return app
  }
  return null
}

export function fromNodeHandler(handler: NodeHandler): ServedApp {
  return { kind: '(req, res)', handle: handler }
}

export async function fromFetchHandler(handler: FetchHandler): Promise<ServedApp> {
  return { kind: '(request) => Response', isFetch: true, handle: await toHandler(handler) }
}

async function fromFetch(kind: string, app: Shape): Promise<ServedApp> {
  const handler = app['fetch'] as FetchHandler
  return { kind, isFetch: true, handle: await toHandler((request) => handler.call(app, request)) }
}

/** The app may ask who has sent a `Request`, which only Node's own request knows. */
async function toHandler(handler: FetchHandler): Promise<NodeHandler> {
  const { toNodeHandler } = await import('srvx/node')
  return toNodeHandler((request) => {
    const node = (request as ServerRequest).runtime?.node?.req
    if (node) rememberNodeRequest(request, node as IncomingMessage)
    return handler(request)
  }) as NodeHandler
}

function fromServer(server: NetServer): ServedApp {
  const upgrades = server.listenerCount('upgrade') > 0
  return {
    kind: 'http.Server',
    // Called one by one, since `emit()` would leave the rejection of an async listener to nobody, and that ends the process.
    handle: (request, response) =>
      Promise.all(
        server.rawListeners('request').map((listener): unknown => listener.call(server, request, response)),
      ),
    ...(upgrades && {
      upgrade: (request, socket, head) => void server.emit('upgrade', request, socket, head),
    }),
  }
}

async function fromFastify(app: Shape): Promise<ServedApp> {
  await (app['ready'] as () => Promise<unknown>).call(app)
  const { routing, server, close } = app as {
    routing: NodeHandler
    server?: NetServer
    close?: () => Promise<void>
  }
  return {
    kind: 'Fastify',
    handle: routing,
    ...(server &&
      server.listenerCount('upgrade') > 0 && {
        upgrade: (request, socket, head) => void server.emit('upgrade', request, socket, head),
      }),
    ...(close && { close: () => close.call(app) }),
  }
}

function isFunction(given: unknown): given is ((...args: unknown[]) => unknown) & Shape {
  return typeof given === 'function'
}
