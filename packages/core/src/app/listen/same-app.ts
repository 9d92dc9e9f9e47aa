import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { partOfApp } from '../contract/part-of-app.ts'

/**
 * Whether an export could be served besides the captured server, and is another app than it. Where both are the same app, the server is what
 * counts, with its settings. The export is not called: the program has started itself already.
 */
export function isOtherApp(
  exported: unknown,
  server: Server,
  options: { /** That is known already. */ readonly isServable?: boolean } = {},
): boolean {
  const isApp = options.isServable === true && exported !== null && exported !== undefined
  return (isApp || isServable(exported)) && !isAppOf(exported as Shape, server)
}

type Shape = Record<string, unknown>

export function isServable(exported: unknown): boolean {
  if (exported instanceof NetServer) return true
  if (typeof exported === 'function')
    return (
      exported.length >= 2 &&
      !Function.prototype.toString.call(exported).startsWith('class') &&
      partOfApp(exported) === null
    )
  if (typeof exported !== 'object' || exported === null) return false
  const { fetch, callback, middleware, routing, handleUpgrade } = exported as Shape
  return (
    [fetch, routing, handleUpgrade].some((one) => typeof one === 'function') ||
    (typeof callback === 'function' && Array.isArray(middleware))
  )
}

/** By identity where the app shows it, and else by what the server's listener consists of: frameworks wrap an app in a function of their own. */
function isAppOf(exported: Shape, server: Server): boolean {
  const listeners = server.rawListeners('request') as readonly unknown[]
  const { server: own, _server, options, callback, fetch } = exported
  const ofOptions = (options as { server?: unknown } | undefined)?.server
  if ([exported, own, _server, ofOptions].includes(server) || listeners.includes(exported)) return true
  // Koa makes a new function for each server.
  if (typeof callback === 'function' && Array.isArray(exported['middleware']))
    return listeners.some((listener) => textOf(listener).includes('createContext'))
  // Adapters such as @hono/node-server and srvx call it `fetchCallback` or `fetchHandler`.
  return typeof fetch === 'function' && listeners.some((listener) => /fetch/i.test(textOf(listener)))
}

function textOf(listener: unknown): string {
  return typeof listener === 'function' ? Function.prototype.toString.call(listener) : ''
}
