import type { Server } from 'node:http'
import type { FoundSetting } from '../app/contract/read-settings.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { http } from '../platform/node/node-http.ts'

/**
 * The HTTP/1.1 server of a plan, with or without TLS below it. It never listens itself: connections are handed to it
 * (`'connection'` may be emitted by users, says Node's manual), so that it is the same for all ways to accept and decrypt them.
 */
export function createHttpServer(
  { timeouts, limits }: LaunchPlan,
  { settings = [] }: { /** Of the server that the app brings. */ settings?: readonly FoundSetting[] } = {},
): Server {
  const checkMs = settings.find(({ name }) => name === 'connectionsCheckingInterval')?.value
  const server = http.createServer({
    ...timeoutsOf(timeouts),
    // How often the two above are looked at; the default of 30 s would bend short ones. An app may ask for more often.
    connectionsCheckingInterval: Math.min(
      Math.max(50, Math.min(1_000, timeouts.headersMs / 4)),
      typeof checkMs === 'number' && checkMs > 0 ? checkMs : 1_000,
    ),
    maxHeaderSize: limits.headerBytes,
    // `requestFault()` looks for it, and Node's own answer would be in no access log.
    requireHostHeader: false,
  })
  // Strings and symbols alike: Node reads them from the server when it needs them.
  for (const { key, value, answer } of settings)
    if (answer?.into === 'server') Object.assign(server, { [key]: value })
  // Node drops headers above its count silently; they are all taken here (their size is limited) and counted before the app.
  server.maxHeadersCount = 0
  // Node starts to look at the timeouts when a server listens, which this one never does.
  server.emit('listening')
  return server
}

/** Those of a plan as Node has them. */
export function timeoutsOf({
  keepAliveMs,
  headersMs,
  requestMs,
}: LaunchPlan['timeouts']): Pick<Server, 'keepAliveTimeout' | 'headersTimeout' | 'requestTimeout'> {
  return {
    keepAliveTimeout: finite(keepAliveMs),
    // Node demands that the headers are not allowed more time than the whole request.
    headersTimeout: requestMs === 0 ? finite(headersMs) : Math.min(headersMs, requestMs),
    requestTimeout: requestMs,
  }
}

/** To Node, 0 means no limit. */
function finite(ms: number): number {
  return Number.isFinite(ms) ? ms : 0
}
