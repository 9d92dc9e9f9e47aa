import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { BroughtServer } from '../app/contract/brought-server.ts'
import { judgeSettings, withAppValues } from '../app/contract/judge-settings.ts'
import { connectionTuner } from '../app/contract/tune-connection.ts'
import type { ServedApp } from '../app/served-app.ts'
import { throwFaults } from '../errors/launch-error.ts'
import type { Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import { createLineWriter } from '../platform/system/line-writer.ts'
import { isOwnProbe } from '../tls/context/own-probes.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import { closeApp, closeConnections } from './connections/drain.ts'
import { type OnExchangeEnd, OpenConnections } from './connections/open-connections.ts'
import { RetiredConnections } from './connections/retired-connections.ts'
import { watchStalled } from './connections/watch-stalled.ts'
import { createHttpServer } from './create-http-server.ts'
import { createHttp2Server } from './http2/create-http2-server.ts'
import { Http2Connections } from './http2/http2-connections.ts'
import { http2StreamOf } from './http2/http2-exchange.ts'
import { limitRequestTime } from './http2/limit-request-time.ts'
import { createRedirectServer } from './redirect/create-redirect-server.ts'
import { type AccessRecord, accessLogLine } from './request/access-log-line.ts'
import { callApp } from './request/call-app.ts'
import { closeWithAnswer } from './request/close-with-answer.ts'
import { endEventStream, isEventStream } from './request/event-stream.ts'
import { requestJudge } from './request/judge-request.ts'
import { describeRequest, isComplete, observeRequest } from './request/observe-request.ts'
import { refuseExpectations } from './request/refuse-expectations.ts'
import { refuseUnparsed } from './request/refuse-unparsed.ts'
import { requestHandler, type ServerPhase } from './request/request-handler.ts'
import { openKeylog, reopenLogs, tellTrouble } from './request-logs.ts'
import { serveBroughtServer } from './serve-brought-server.ts'
import type { ServedCounts } from './served-counts.ts'
import { PlainHttpAnswer } from './tls/plain-http-answer.ts'
import type { RefusedClient } from './tls/refused-clients.ts'
import { createTlsFront, type StagedTls } from './tls/tls-front.ts'
import { ServedWebSockets } from './upgrade/served-websockets.ts'
import { takeUpgrades } from './upgrade/take-upgrades.ts'

/** Serves an app on connections that are handed in. */
export interface AppServer {
  accept(socket: Socket): void
  /** Connections are accepted on these addresses from now on: for an app whose server waits for it. May be called again. */
  opened(addresses: readonly BoundAddress[]): void
  /** Takes a connection of plain HTTP that is only sent on to HTTPS, on this port. No app sees it. */
  redirect(socket: Socket, to: { readonly httpsPort: number }): void
  /**
   * Builds a new TLS snapshot; `commit()` puts it to use for new connections. Throws when it can't be built, or when the plan
   * has no TLS: the scheme of a server does not change while it runs.
   */
  prepareTls(tls: PlannedTls): StagedTls
  /** The server as a whole is about to stop: `health.ready` says 503 from now on. Everything else goes on. */
  announceStop(): void
  /**
   * Lets requests in flight end, ends in order what has no end of its own (event streams, WebSockets), asks
   * clients to close (`Connection: close`, RFC 9112 section 9.6), and cuts what is left after `deadlineMs`. Then the app is closed and the access log written. Nothing may be handed in after `lastTaken`.
   */
  drain(options: {
    readonly deadlineMs: number
    /** Resolves once nothing more is handed in; unset, that is so already. */
    readonly lastTaken?: Promise<void>
  }): Promise<{ readonly cut: number }>
  /** Opens the access log and the key log again. Rejects with a `LaunchError` for those that can't be opened. */
  reopenLogs(): Promise<void>
  /** What it has served so far. */
  counts(): ServedCounts
  /** Closes every connection at once, whatever is in flight. A drain that is under way then ends. */
  cut(): void
}

/** The only code that opens an HTTP(S) server: every backend of ours serves through it, so that TLS is the same by construction. */
export function createAppServer({
  plan: given,
  app,
  log,
  worker,
  onAnswered,
  onClientRefused,
}: {
  plan: LaunchPlan
  app: ServedApp
  log: Logger
  worker: number | null
  /** Called when an exchange is over, however it ended. */
  onAnswered?: () => void
  /** A client was refused for its certificate. */
  onClientRefused?: (client: RefusedClient) => void
}): AppServer {
  const { server: brought } = app
  const plan = brought ? planWithServer(given, { brought, log, worker }) : given
  const open = new OpenConnections()
  const accessLog = plan.accessLog && {
    lines: createLineWriter(plan.accessLog.file, {
      onTrouble: (trouble) => tellTrouble(trouble, { what: 'access log', log }),
    }),
    format: plan.accessLog.format,
  }
  const record = accessLog
    ? (one: AccessRecord): void => accessLog.lines.write(accessLogLine(one, accessLog.format))
    : undefined
  const speaksHttp1 = plan.tls === null || plan.https.protocols.includes('http/1.1')
  const speaksHttp2 = plan.tls !== null && plan.https.protocols.includes('h2')
  const webSockets = new ServedWebSockets()
  const phase: ServerPhase = { stopping: false, draining: false }
  const served = { connections: 0, requests: 0, refusedClients: 0 }

  /** Over HTTP/1; over HTTP/2 the connection says it, not the response. */
  const endConnection = (response: ServerResponse): void => {
    if (http2StreamOf(response) === null) closeWithAnswer(response, { isLast: () => open.isAlone(response) })
  }
  const endOfOwn: OnExchangeEnd = (sent) => {
    if (isComplete(sent)) served.requests += 1
  }
  const endOfApp: OnExchangeEnd = (sent) => {
    endOfOwn(sent)
    onAnswered?.()
  }
  const observe = (
    request: IncomingMessage,
    response: ServerResponse,
    { stream, isForApp }: { stream: ServerHttp2Stream | null; isForApp: boolean },
  ): void => {
    open.begin(request, response, { stream, isForApp, onEnd: isForApp ? endOfApp : endOfOwn })
    if (record) observeRequest(request, response, { stream, worker, onEnd: record })
  }
  const judge = requestJudge({
    plan,
    speaksHttp1,
    requiresHost: !brought?.settings.some(({ name }) => name === 'requireHostHeader'),
    inFlight: () => open.inFlight,
  })
  const onRequest = requestHandler({
    plan,
    app,
    phase,
    judge,
    observe,
    isRetired: (socket) => retired.has(socket),
    endConnection,
    log,
  })

  const http1 = createHttpServer(plan, brought)
  http1.on('request', onRequest)
  const onSocketError = function (this: Socket, error: Error): void {
    log.debug('connection failed', { client: this.remoteAddress, reason: error.message })
  }
  // Without TLS it is Node's HTTP server that takes them, and one listener less is a hundredth of what a connection costs.
  const tellsSocketErrors = plan.tls !== null || plan.log.level === 'debug'
  const upgrades = takeUpgrades({
    http1,
    app,
    judge: (request) => judge(request, { isHttp1: true }),
    open,
    webSockets,
    onSocketError,
    onAnswered() {
      served.requests += 1
      onAnswered?.()
    },
    onRecord: record,
    worker,
    log,
  })
  const serveHttp1 = (socket: Socket): void => {
    http1.emit('connection', socket)
    upgrades.watch(socket)
  }
  const http2Connections = new Http2Connections({
    ...plan.timeouts,
    requests: http1.maxRequestsPerSocket ?? 0,
  })
  // Node's part of it takes 10 ms to load, and some megabytes, which most workers can do without.
  const http2 = speaksHttp2
    ? createHttp2Server({ plan, app, log, connections: http2Connections, onRequest })
    : null
  if (http2 && http1.timeout > 0) http2.setTimeout(http1.timeout)
  // Before the app's own listener for that, if it has one.
  refuseUnparsed({ http1, open, onRecord: record, worker })
  const answer = (request: IncomingMessage, response: ServerResponse, handle: ServedApp['handle']): void => {
    const stream = http2StreamOf(request)
    if (stream) limitRequestTime(stream, { response, requestMs: plan.timeouts.requestMs })
    onRequest(request, response, stream, handle)
  }
  if (!brought) refuseExpectations({ http1, http2 }, answer)
  const events =
    brought &&
    serveBroughtServer({
      brought,
      http1,
      http2,
      answer,
      call: (request, response, handle) => callApp({ handle, request, response, log }),
      onDropped: (request) =>
        record?.(describeRequest(request, { worker })({ status: 503, bytes: 0, complete: true })),
      connectionCount: () => open.size,
      log,
    })
  app.listening?.tell((address) =>
    log.warn('the app listens by itself too: Lockstep neither secures nor drains what comes there', {
      address,
    }),
  )
  const tune = brought && connectionTuner(brought.settings)
  const redirects = createRedirectServer({
    plan,
    onRequest: (request, response) => observe(request, response, { stream: null, isForApp: true }),
  })
  const http1Servers = [http1, redirects.server]
  refuseUnparsed({ http1: redirects.server, open, onRecord: record, worker })
  const stalled = watchStalled({ open, http1: http1Servers, ...plan.timeouts, log })
  const retired = new RetiredConnections({
    open,
    http1,
    http2: http2Connections,
    webSockets,
    deadlineMs: plan.timeouts.gracefulMs,
    endConnection,
  })
  const { keylogFile } = plan.https
  const keylog = plan.tls && keylogFile !== null ? openKeylog(keylogFile, log) : null
  const front =
    plan.tls &&
    createTlsFront({
      tls: plan.tls,
      protocols: plan.https.protocols,
      keylog,
      log,
      onRefused(client) {
        if (isOwnProbe(client.fingerprint256)) return
        served.refusedClients += 1
        onClientRefused?.(client)
      },
      plainHttp: new PlainHttpAnswer(open.connections, plan.addresses),
      onSecured(socket, { protocol, isRetired }) {
        tune?.(socket)
        // ALPN chooses it only where it is served.
        if (http2 && protocol === 'h2') http2.emit('connection', socket)
        else {
          open.addSecured(socket)
          serveHttp1(socket)
        }
        if (isRetired) retired.retire(socket, { isHttp2: protocol === 'h2' })
        events?.connected(socket, { isSecured: true })
      },
      onFailed: (error, socket) => events?.handshakeFailed(error, socket),
      onTrustChanged() {
        const connections = retired.retireAll()
        if (connections > 0)
          log.info('clients are judged in another way: earlier connections drain', { connections })
      },
    })

  /** What a listening server would have done, and the limit that it would have held. */
  const admit = (socket: Socket, { isSecured }: { isSecured: boolean }): boolean => {
    if (open.isOver || (plan.limits.connections !== null && open.size >= plan.limits.connections)) {
      if (!open.isOver) events?.dropped(socket)
      socket.destroy()
      return false
    }
    open.add(socket)
    served.connections += 1
    // No delay for small writes, and a plain client may close its half first.
    socket.setNoDelay(true)
    socket.allowHalfOpen = !isSecured
    tune?.(socket)
    if (tellsSocketErrors) socket.on('error', onSocketError)
    return true
  }

  return {
    accept(socket) {
      if (!admit(socket, { isSecured: front !== null })) return
      // Under round-robin no worker listens, and the first connection shows where the server does.
      events?.opened([boundAddressOf(socket)])
      if (front) front.accept(socket)
      else {
        serveHttp1(socket)
        events?.connected(socket, { isSecured: false })
      }
    },
    opened: (addresses) => events?.opened(addresses),
    redirect(socket, to) {
      if (admit(socket, { isSecured: false })) redirects.accept(socket, to)
    },
    prepareTls(tls) {
      if (!front) throw new TypeError('a server that was planned without TLS cannot take it up')
      const staged = front.prepare(tls)
      return {
        commit() {
          staged.commit()
          redirects.useCertificates(tls)
        },
      }
    },
    announceStop() {
      phase.stopping = true
    },
    async drain({ deadlineMs, lastTaken = Promise.resolve() }) {
      phase.draining = true
      open.beginDrain()
      app.drain?.()
      for (const response of open.unanswered()) endConnection(response)
      const started = performance.now()
      const cut = await closeConnections({
        http1: http1Servers,
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
      stalled[Symbol.dispose]()
      retired[Symbol.dispose]()
      for (const server of http1Servers) server.close()
      app.listening?.stop()
      events?.closed()
      await closeApp({ app, log, leftMs: deadlineMs - (performance.now() - started) })
      keylog?.close()
      await accessLog?.lines.close()
      return { cut }
    },
    reopenLogs: () => reopenLogs({ plan, accessLog: accessLog?.lines ?? null, keylog }),
    counts: () => ({ ...served, lostLines: accessLog?.lines.lost() ?? 0 }),
    cut: () => open.destroyAll(),
  }
}

/** A plan with the values that the server of the app sets. Throws a `LaunchError` for each setting that can't be honoured. */
function planWithServer(
  plan: LaunchPlan,
  { brought, log, worker }: { brought: BroughtServer; log: Logger; worker: number | null },
): LaunchPlan {
  const where = plan.app.kind === 'module' ? plan.app.file : 'the app'
  const { faults, values, applied, overridden } = judgeSettings(brought.settings, { plan, where })
  throwFaults(faults)
  // Once is enough: all workers load the same app.
  const tell = worker === null || worker === 1 ? log.info : log.debug
  if (Object.keys(applied).length > 0) tell('settings of the server of the app are used', applied)
  if (overridden.length > 0)
    tell('settings of the server of the app are overridden by options', { settings: overridden.join(', ') })
  return withAppValues(plan, values)
}

function boundAddressOf({ localAddress, localPort }: Socket): BoundAddress {
  return localAddress === undefined
    ? { kind: 'unix', path: '' }
    : { kind: 'tcp', host: localAddress, port: localPort ?? 0 }
}
