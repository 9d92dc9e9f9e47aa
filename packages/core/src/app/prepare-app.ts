import { Server as NetServer } from 'node:net'
import { LaunchError } from '../errors/launch-error.ts'
import type { AppInterface } from '../plan/launch-plan.ts'
import { util } from '../platform/node/node-util.ts'
import type { describeUnrecognised } from './contract/describe-unrecognised.ts'
import { refuseFetchSettings } from './contract/fetch-object.ts'
import { refuseOwnTls } from './contract/own-tls.ts'
import { partOfApp } from './contract/part-of-app.ts'
import { isCaptured } from './listen/captured-server.ts'
import { fromFetchHandler, fromNodeHandler, recogniseByShape } from './recognise-app.ts'
import type { ServedApp } from './served-app.ts'

/**
 * Makes an app out of what a module exports or a caller hands in: awaits it, calls a factory, and recognises the result.
 * Throws `LOCKSTEP_ERR_APP_UNRECOGNISED` with the list of what can be recognised.
 */
export async function prepareApp(
  given: unknown,
  {
    face,
    where,
    onApp = () => undefined,
  }: {
    face: AppInterface
    where: string
    /** Called with the value of a promise, and with the product of a factory. */
    onApp?: (app: unknown) => void
  },
): Promise<ServedApp> {
  const app = util.types.isPromise(given) ? await given : given
  onApp(app)
  const called = { where, onApp }
  refuseOwnServer(app, where)

  switch (face) {
    case 'node':
      if (typeof app === 'function') return fromNodeHandler(app as Parameters<typeof fromNodeHandler>[0])
      throw await unrecognised(app, { where, wanted: 'a (req, res) function, because interface is "node"' })
    case 'fetch':
      if (typeof app === 'function') return fromFetchHandler(app as Parameters<typeof fromFetchHandler>[0])
      return (await byShape(app)) ?? rejectApp(app, where)
    case 'factory':
      if (typeof app === 'function') return productOf(app as Factory, called)
      throw await unrecognised(app, { where, wanted: 'a function, because interface is "factory"' })
    case 'auto':
      return recognise(app, called)
  }
}

type Factory = () => unknown

interface Called {
  readonly where: string
  readonly onApp: (app: unknown) => void
}

async function recognise(app: unknown, called: Called): Promise<ServedApp> {
  const { where } = called
  const shaped = await byShape(app)
  if (shaped) return shaped
  if (typeof app !== 'function' || isClass(app)) return rejectApp(app, where)
  if (app.length > 3)
    throw await unrecognised(app, {
      where,
      hint: 'A function with four parameters, (error, req, res, next), handles errors of an app. Export the app to which it belongs.',
    })
  await refusePart(app, where)
  if (app.length >= 2) return fromNodeHandler(app as Parameters<typeof fromNodeHandler>[0])
  if (app.length === 0) return productOf(app as Factory, called)
  throw await unrecognised(app, {
    where,
    hint: 'A function with one parameter could be several things: say --interface fetch if it is (request) => Response, or --interface factory.',
  })
}

/** A factory may return whatever can be served but one more factory. */
async function productOf(factory: Factory, { where, onApp }: Called): Promise<ServedApp> {
  const product: unknown = await factory()
  onApp(product)
  refuseOwnServer(product, where)
  const shaped = await byShape(product)
  if (shaped) return shaped
  if (typeof product === 'function') await refusePart(product, `the factory of ${where}`)
  if (typeof product === 'function' && product.length >= 2)
    return fromNodeHandler(product as Parameters<typeof fromNodeHandler>[0])
  throw await unrecognised(product, {
    where: `the factory of ${where}`,
    hint: 'If it is not a factory but a handler that declares no parameters, set --interface node.',
  })
}

/** Throws for what belongs into an app, such as a plugin, and is none. */
async function refusePart(given: { readonly length: number }, where: string): Promise<void> {
  const part = partOfApp(given)
  if (part !== null) throw await unrecognised(given, { where, part })
}

async function byShape(app: unknown): Promise<ServedApp | null> {
  return (typeof app === 'object' && app !== null) || typeof app === 'function' ? recogniseByShape(app) : null
}

async function rejectApp(app: unknown, where: string): Promise<never> {
  throw await unrecognised(app, { where })
}

/** Only an app that can't be served needs that code. */
async function unrecognised(...found: Parameters<typeof describeUnrecognised>): Promise<LaunchError> {
  const { describeUnrecognised } = await import('./contract/describe-unrecognised.ts')
  return describeUnrecognised(...found)
}

function listensItself(where: string): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_APP_LISTENS_ITSELF',
    message: `The server of ${where} already listens, so Lockstep can neither choose its address nor add TLS.`,
    hint: 'Remove the call to listen(), and export the server or its handler. Create a WebSocketServer of ws with `noServer: true` or with a `server` that does not listen, not with `port`.',
  })
}

/** Throws when the app, or the server that belongs to it, listens already, ends TLS itself, or asks its server for what it can't have. */
function refuseOwnServer(app: unknown, where: string): void {
  for (const one of [app, ...serversOf(app)]) {
    if (typeof one !== 'object' || one === null) continue
    refuseOwnTls(one, { where })
    refuseFetchSettings(one, { where })
    if (one instanceof NetServer && one.listening && !isCaptured(one)) throw listensItself(where)
  }
}

/** Where Fastify, and ws, keep their servers: the latter under another name when it made it itself. */
function serversOf(app: unknown): readonly unknown[] {
  if (app === null || (typeof app !== 'object' && typeof app !== 'function')) return []
  const { server, _server } = app as { server?: unknown; _server?: unknown }
  return [server, _server].filter((one) => one instanceof NetServer)
}

function isClass(given: object): boolean {
  return Function.prototype.toString.call(given).startsWith('class')
}
