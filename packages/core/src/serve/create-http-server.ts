import type { Server } from 'node:http'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { http } from '../platform/node-http.ts'

/**
 * The HTTP/1.1 server of a plan, with or without TLS below it. It never listens itself: connections are handed to it
 * (`'connection'` may be emitted by users, says Node's manual), so that it is the same whoever accepted and decrypted them.
 */
export function createHttpServer({ timeouts, limits }: LaunchPlan): Server {
  const server = http.createServer({
    keepAliveTimeout: timeouts.keepAliveMs,
    // Node demands that the headers are not allowed more time than the whole request.
    headersTimeout:
      timeouts.requestMs === 0 ? timeouts.headersMs : Math.min(timeouts.headersMs, timeouts.requestMs),
    requestTimeout: timeouts.requestMs,
    // How often the two above are looked at; the default of 30 s would bend short ones.
    connectionsCheckingInterval: Math.max(50, Math.min(1_000, timeouts.headersMs / 4)),
    maxHeaderSize: limits.headerBytes,
    // `requestFault()` looks for it, and Node's own answer would be in no access log.
    requireHostHeader: false,
  })
  // Node drops headers above its count silently; they are all taken here (their size is limited) and counted before the app.
  server.maxHeadersCount = 0
  // Node starts to look at the timeouts when a server listens, which this one never does.
  server.emit('listening')
  return server
}
