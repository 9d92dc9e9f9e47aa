import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2Server } from 'node:http2'
import type { Socket } from 'node:net'
import type { ServedApp } from '../app/served-app.ts'
import { appNameFields } from '../verify/served-app-name.ts'
import { applyChangedSettings } from './apply-changed-settings.ts'
import { createHttp2Server } from './http2/create-http2-server.ts'
import { http2StreamOf } from './http2/http2-exchange.ts'
import { limitRequestTime } from './http2/limit-request-time.ts'
import { callApp } from './request/call-app.ts'
import { describeRequest } from './request/observe-request.ts'
import { refuseExpectations } from './request/refuse-expectations.ts'
import { refuseUnparsed } from './request/refuse-unparsed.ts'
import { type BroughtServerEvents, serveBroughtServer } from './serve-brought-server.ts'
import type { RequestPath } from './serve-requests.ts'
import type { ServerParts } from './server-parts.ts'
import { takeExtendedConnects } from './upgrade/take-extended-connects.ts'
import { takeUpgrades } from './upgrade/take-upgrades.ts'

/** The HTTP servers of a plan. None of them listens. */
export interface HttpServers {
  /** Serves a connection on which TLS has ended, or that has none. */
  readonly serveHttp1: (socket: Socket) => void
  /** Serves connections by its event `connection`; `null` when the plan has no HTTP/2. */
  readonly http2: Http2Server | null
  /** Calls the listeners of the app's own server; absent when the app brings none. */
  readonly events: BroughtServerEvents | undefined
}

type Answer = (request: IncomingMessage, response: ServerResponse, handle: ServedApp['handle']) => void

/** Connects the HTTP servers with the request path: every request, upgrade, and unparsable input of a client gets there. */
export function serveHttp(parts: ServerParts, { judge, onRequest }: RequestPath): HttpServers {
  const { plan, app, log, worker, accessLog, open, http1, http2Connections } = parts
  http1.on('request', onRequest)
  const upgrades = takeUpgrades({
    ...parts,
    judge: (request, by) => judge(request, { isHttp1: true, ...by }),
    onAnswered(part) {
      if (part !== 'app') parts.served.requests += 1
      if (part !== 'client') parts.onAnswered?.()
    },
    onRecord: accessLog?.record,
  })
  const speaksHttp2 = plan.tls !== null && plan.https.protocols.includes('h2')
  // Node's part of it takes 10 ms to load, and some megabytes, which most workers can do without.
  const http2 = speaksHttp2
    ? createHttp2Server({ plan, app, log, connections: http2Connections, onRequest })
    : null
  if (http2 && http1.timeout > 0) http2.setTimeout(http1.timeout)
  // Before the app's own listener for that, if it has one.
  refuseUnparsed({
    http1,
    open,
    onRecord: accessLog?.record,
    worker,
    abandonedStatus: app.abandonedStatus,
    fieldsFor: (bytes) => appNameFields(bytes, { secret: plan.probeSecret, app: app.loadedAs }),
  })
  const answer: Answer = (request, response, handle) => {
    const stream = http2StreamOf(request)
    if (stream) limitRequestTime(stream, { response, requestMs: plan.timeouts.requestMs })
    onRequest(request, response, stream, handle)
  }
  if (!app.server) refuseExpectations({ http1, http2 }, answer)
  const handleExpecting = app.answersContinue
    ? app.handle
    : parts.router && !app.server
      ? continuing(app)
      : null
  if (handleExpecting)
    for (const server of [http1, http2])
      server?.on('checkContinue', ((request: IncomingMessage, response: ServerResponse) =>
        answer(request, response, handleExpecting)) as never)
  if (http2) takeExtendedConnects(http2, parts, onRequest)
  const events = serveAppsServer(parts, { http2, answer })
  app.listening?.report(log)
  return {
    serveHttp1(socket) {
      http1.emit('connection', socket)
      upgrades.watch(socket)
    },
    http2,
    events,
  }
}

/** As Node answers `Expect: 100-continue`, but not before it is known which process answers the request: that one does it. */
function continuing(app: ServedApp): ServedApp['handle'] {
  return (request, response) => {
    response.writeContinue()
    return app.handle(request, response)
  }
}

/** Calls the listeners of the server that the app exports, if it exports one. */
function serveAppsServer(
  parts: ServerParts,
  { http2, answer }: { http2: Http2Server | null; answer: Answer },
): BroughtServerEvents | undefined {
  const { app, log, worker, accessLog, takeClientFacts, router, open, http1 } = parts
  const changedBefore = new Set<string>()
  return (
    app.server &&
    serveBroughtServer({
      brought: app.server,
      http1,
      http2,
      answer,
      call: (request, response, handle) => callApp({ handle, request, response, log }),
      onDropped(request) {
        takeClientFacts?.(request)
        accessLog?.record(describeRequest(request, { worker })({ status: 503, bytes: 0, complete: true }))
      },
      onSettingsChanged(changed) {
        const isNews = changed.some(({ name }) => !changedBefore.has(name))
        for (const { name } of changed) changedBefore.add(name)
        applyChangedSettings(changed, { ...parts, http2, isNews })
      },
      answersContinue: router !== null,
      connectionCount: () => open.size,
      log,
    })
  )
}
