import type { ServedApp } from '../app/served-app.ts'
import type { Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { ConnectTarget } from '../platform/net/connect-reading.ts'
import { createFront } from './create-front.ts'
import { UpstreamPool } from './upstream/upstream-pool.ts'

/** Where a program listens on this machine. */
export type ProgramPlace = ConnectTarget

/**
 * An app that passes every request on to a program, over HTTP/1.1: to the one of its places with the fewest requests in flight. Serve it
 * with `createAppServer()`. The program learns of the client by the `Forwarded` headers that the plan names, and of its certificate by
 * `Client-Cert` (RFC 9440). Honours `upstream.connectTimeout` and `upstream.responseTimeout`.
 *
 * @param plan - The plan of the launch.
 * @param options.places - Where the program accepts connections already.
 * @example
 * ```ts
 * import { createAppServer, programFront, type ServerBackend } from 'lockstep/backend'
 *
 * export function serverOf(port: number, ...[plan, host]: Parameters<ServerBackend['start']>) {
 *   const app = programFront(plan, { log: host.log, places: [{ host: '127.0.0.1', port }] })
 *   return createAppServer({ plan, app, log: host.log, worker: null })
 * }
 * ```
 */
export function programFront(
  { upstream: { connectMs, responseMs } }: Pick<LaunchPlan, 'upstream'>,
  { log, places }: { readonly log: Logger; readonly places: readonly ProgramPlace[] },
): ServedApp {
  const pool = new UpstreamPool({ connectMs, responseMs })
  for (const place of places) pool.add(place)
  return createFront({ pool, log })
}
