import type http from 'node:http'
import type { ServedApp } from '../app/served-app.ts'
import type { Logger } from '../platform/logger.ts'
import type { Http2Connections } from './http2-connections.ts'
import type { OpenConnections } from './open-connections.ts'

/** How long idle connections stay open for a request that is already on its way when the drain begins; half the time if that is short. */
const lingerMs = 300

/** Waits until no connection is open any more; closes idle ones after a moment, and cuts the rest at the deadline. Gives how many it cut. */
export async function closeConnections({
  http1,
  http2,
  open,
  endEndless,
  lastTaken,
  deadlineMs,
}: {
  http1: readonly http.Server[]
  http2: Http2Connections
  open: OpenConnections
  /** Ends in order what has no end of its own. Called again and again, for what has begun since. */
  endEndless: () => void
  /** Resolves once no connection is added any more. */
  lastTaken: Promise<void>
  deadlineMs: number
}): Promise<number> {
  const empty = lastTaken.then(() => open.whenEmpty())
  let cut = 0
  http2.announceEnd()
  const closeIdle = (): void => {
    endEndless()
    http2.close()
    open.closeIdle(http1)
    open.destroyUnused()
  }
  const linger = setTimeout(
    () => {
      // An event loop that was busy for so long has not read yet what has come meanwhile: it does so before the immediate.
      first = setImmediate(closeIdle)
      // A response that began before the drain carries no `Connection: close`: its connection is idle only once it has ended.
      sweep = setInterval(closeIdle, 100)
    },
    Math.min(lingerMs, deadlineMs / 2),
  )
  let first: NodeJS.Immediate | undefined
  let sweep: NodeJS.Timeout | undefined
  const deadline = setTimeout(() => {
    cut = open.size
    open.destroyAll()
  }, deadlineMs)
  await empty
  for (const timer of [linger, deadline]) clearTimeout(timer)
  clearImmediate(first)
  clearInterval(sweep)
  return cut
}

/** An app that hangs while it closes, or fails, does not keep the server from stopping. */
export async function closeApp({
  app,
  log,
  limitMs,
}: {
  app: ServedApp
  log: Logger
  limitMs: number
}): Promise<void> {
  if (!app.close) return
  const late = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => late.resolve('late'), limitMs)
  try {
    if ((await Promise.race([app.close(), late.promise])) === 'late')
      log.warn('the app did not close in time')
  } catch (error) {
    log.error('the app failed while it closed', {
      stack: error instanceof Error ? error.stack : String(error),
    })
  } finally {
    clearTimeout(timer)
  }
}
