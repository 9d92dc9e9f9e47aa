import type { Server } from 'node:http'
import { endEventStream, isEventStream } from '../request/event-stream.ts'
import type { ServerParts } from '../server-parts.ts'
import { closeApp, closeConnections } from './drain.ts'

/** Lets the requests of a server end, cuts what is left at the deadline, and closes the app. Returns how many connections were cut. */
export async function drainServer(
  { app, log, phase, open, webSockets, http2Connections, retired, endConnection }: ServerParts,
  {
    http1,
    lastTaken,
    deadlineMs,
    onClosed,
  }: {
    /** With the one that redirects. */
    http1: readonly Server[]
    lastTaken: Promise<void>
    deadlineMs: number
    /** The last connection has ended. */
    onClosed: () => void
  },
): Promise<number> {
  phase.draining = true
  open.beginDrain()
  app.drain?.()
  for (const response of open.unanswered()) endConnection(response)
  const started = performance.now()
  const cut = await closeConnections({
    http1,
    http2: http2Connections,
    open,
    endEndless() {
      webSockets.goAway()
      for (const response of open.responses()) if (isEventStream(response)) endEventStream(response)
    },
    lastTaken,
    deadlineMs,
  })
  if (cut > 0) log.warn('connections were cut at the deadline', { cut })
  retired[Symbol.dispose]()
  for (const server of http1) server.close()
  app.listening?.stop()
  onClosed()
  await closeApp({ app, log, leftMs: deadlineMs - (performance.now() - started) })
  return cut
}
