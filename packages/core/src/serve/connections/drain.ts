import type http from 'node:http'
import type { ServedApp } from '../../app/served-app.ts'
import { stackOf } from '../../errors/thrown.ts'
import type { Logger } from '../../log/logger.ts'
import { within } from '../../platform/system/within.ts'
import type { Http2Connections } from '../http2/http2-connections.ts'
import type { OpenConnections } from './open-connections.ts'

/**
 * How long a connection that has become idle stays open for a request that is on its way already. A client that was not asked to
 * close, since its answer had begun before, sends the next one as soon as it has that.
 */
const longestLingerMs = 300

/**
 * How old a connection must be before it counts as opened in advance. A client sends its first request as soon as the connection is open,
 * but on an overloaded machine it may not run for a while. It can't know that the server stops, and may not send the request again.
 */
const newMs = 1_000

/** Waits until no connection is open any more; closes idle ones after a moment, and cuts the rest at the deadline. Returns how many it cut. */
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
  // A short time is shared with what the requests take that still come.
  const lingerMs = Math.min(longestLingerMs, deadlineMs / 2)
  const closeIdle = (): void => {
    endEndless()
    http2.close({ lingerMs })
    open.closeIdle(http1, { lingerMs })
    open.destroyUnused({ lingerMs: Math.min(newMs, deadlineMs / 2) })
  }
  // An event loop that was busy this long has not yet read what has come meanwhile: it does so before the immediate.
  const closeSoon = (): void => {
    next = setImmediate(closeIdle)
  }
  const linger = setTimeout(() => {
    closeSoon()
    // A response that began before the drain carries no `Connection: close`: its connection is idle only once it has ended.
    sweep = setInterval(closeSoon, 100)
  }, lingerMs)
  let next: NodeJS.Immediate | undefined
  let sweep: NodeJS.Timeout | undefined
  const deadline = setTimeout(() => {
    cut = open.ofClients
    open.destroyAll()
  }, deadlineMs)
  await empty
  for (const timer of [linger, deadline]) clearTimeout(timer)
  clearImmediate(next)
  clearInterval(sweep)
  return cut
}

/** What the app may take to close in any case, also when its requests have used the deadline up. */
const closeMs = 500

/** An app that hangs while it closes, or fails, does not keep the server from stopping. */
export async function closeApp({
  app,
  log,
  leftMs,
}: {
  app: ServedApp
  log: Logger
  /** Until the deadline. */
  leftMs: number
}): Promise<void> {
  if (!app.close) return
  try {
    if ((await within(app.close(), Math.max(closeMs, leftMs))) === 'late')
      log.warn('the app did not close in time')
  } catch (error) {
    log.error('the app failed while it closed', {
      stack: stackOf(error),
    })
  }
}
