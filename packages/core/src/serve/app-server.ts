import type http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import type { ServedApp } from '../app/served-app.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { createLineWriter } from '../platform/line-writer.ts'
import type { Logger } from '../platform/logger.ts'
import { accessLogLine } from './access-log-line.ts'
import { createHttpServer } from './create-http-server.ts'
import { observeRequest } from './observe-request.ts'
import { OpenConnections } from './open-connections.ts'
import { refuseRequest } from './refuse-request.ts'

/** How long idle connections stay open for a request that is already on its way when the drain begins. */
const lingerMs = 300

/** Serves an app on connections that are handed in. */
export interface AppServer {
  accept(socket: Socket): void
  /**
   * Lets requests in flight end, asks clients to close (`Connection: close`, RFC 9112 section 9.6), and cuts what is left after
   * `deadlineMs`. Then the app is closed and the access log written. Call it once nothing more is handed in.
   */
  drain(options: { deadlineMs: number }): Promise<{ readonly cut: number }>
  /** Closes every connection at once, whatever is in flight. A drain that is under way then ends. */
  cut(): void
}

/** The only code that opens an HTTP(S) server: every backend of ours serves through it, so that TLS is the same by construction. */
export function createAppServer({
  plan,
  app,
  log,
  worker,
}: {
  plan: LaunchPlan
  app: ServedApp
  log: Logger
  worker: number | null
}): AppServer {
  const server = createHttpServer(plan)
  const open = new OpenConnections()
  const accessLog = plan.accessLog && {
    lines: createLineWriter(plan.accessLog.file),
    format: plan.accessLog.format,
  }
  let draining = false

  server.on('request', (request, response) => {
    open.begin(request, response)
    if (accessLog)
      observeRequest(request, response, {
        worker,
        onEnd: (record) => accessLog.lines.write(accessLogLine(record, accessLog.format)),
      })
    if (draining) response.setHeader('Connection', 'close')
    if (request.rawHeaders.length / 2 > plan.limits.headerCount)
      refuseRequest(response, { status: 431, close: true })
    else if (plan.limits.concurrency !== null && open.inFlight > plan.limits.concurrency)
      refuseRequest(response, { status: 503, retryAfterSeconds: 1 })
    else callApp({ app, request, response, log })
  })
  const { upgrade } = app
  if (upgrade) server.on('upgrade', (request, socket, head) => upgrade(request, socket, head))
  if (server instanceof https.Server) {
    server.on('secureConnection', (socket) => open.addSecured(socket))
    server.on('tlsClientError', (error, socket) =>
      log.debug('handshake failed', { client: socket.remoteAddress, reason: error.message }),
    )
  }

  return {
    accept(socket) {
      if (plan.limits.connections !== null && open.size >= plan.limits.connections) {
        socket.destroy()
        return
      }
      open.add(socket)
      // What a listening server would have done: no delay for small writes, and a plain client may close its half first.
      socket.setNoDelay(true)
      socket.allowHalfOpen = plan.tls === null
      socket.on('error', (error) =>
        log.debug('connection failed', { client: socket.remoteAddress, reason: error.message }),
      )
      server.emit('connection', socket)
    },
    async drain({ deadlineMs }) {
      draining = true
      const started = performance.now()
      const cut = await emptied({ server, open, deadlineMs })
      server.close()
      await closeApp({ app, log, limitMs: Math.max(100, deadlineMs - (performance.now() - started)) })
      await accessLog?.lines.close()
      return { cut }
    },
    cut: () => open.destroyAll(),
  }
}

function callApp({
  app,
  request,
  response,
  log,
}: {
  app: ServedApp
  request: http.IncomingMessage
  response: http.ServerResponse
  log: Logger
}): void {
  const fail = (error: unknown): void => {
    log.error('the app failed on a request', {
      method: request.method,
      target: request.url,
      stack: error instanceof Error ? error.stack : String(error),
    })
    if (response.headersSent) response.destroy()
    else refuseRequest(response, { status: 500 })
  }
  try {
    const result = app.handle(request, response)
    if (result instanceof Promise) result.catch(fail)
  } catch (error) {
    fail(error)
  }
}

/** An app that hangs while it closes, or fails, does not keep the server from stopping. */
async function closeApp({
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

async function emptied({
  server,
  open,
  deadlineMs,
}: {
  server: http.Server | https.Server
  open: OpenConnections
  deadlineMs: number
}): Promise<number> {
  const empty = open.whenEmpty()
  let cut = 0
  const closeIdle = (): void => {
    server.closeIdleConnections()
    open.destroyUnused()
  }
  const linger = setTimeout(
    () => {
      closeIdle()
      // A response that began before the drain carries no `Connection: close`: its connection is idle only once it has ended.
      sweep = setInterval(closeIdle, 100)
    },
    Math.min(lingerMs, deadlineMs),
  )
  let sweep: NodeJS.Timeout | undefined
  const deadline = setTimeout(() => {
    cut = open.size
    open.destroyAll()
  }, deadlineMs)
  await empty
  for (const timer of [linger, deadline]) clearTimeout(timer)
  clearInterval(sweep)
  return cut
}
