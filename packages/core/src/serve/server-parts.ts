import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { connectionTuner } from '../app/contract/tune-connection.ts'
import { requirePlanOfApp } from '../app/listen/address-of-app.ts'
import type { ServedApp } from '../app/served-app.ts'
import type { Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { adviseSticky } from './advise-sticky.ts'
import { clientFactsTaker, type TakeClientFacts } from './client/take-client-facts.ts'
import { OpenConnections } from './connections/open-connections.ts'
import { RetiredConnections } from './connections/retired-connections.ts'
import { createHttpServer } from './create-http-server.ts'
import { Http2Connections } from './http2/http2-connections.ts'
import { http2StreamOf } from './http2/http2-exchange.ts'
import { planWithServer } from './plan-with-server.ts'
import { closeWithAnswer } from './request/close-with-answer.ts'
import type { ServerPhase } from './request/request-handler.ts'
import { type AccessLog, openAccessLog } from './request-logs.ts'
import type { RequestRouter } from './request-router.ts'
import { ServedWebSockets } from './upgrade/served-websockets.ts'

/** What an app server is asked to serve. */
export interface ServerRequest {
  /** With the address of the app: that of `planOfApp()`. */
  readonly plan: LaunchPlan
  readonly app: ServedApp
  readonly log: Logger
  readonly worker: number | null
  /** Called when an exchange is over, however it ended. */
  readonly onAnswered?: () => void
  /** Passes requests on to other processes; unset, this one answers all. */
  readonly router?: RequestRouter | null
}

/** What the steps that make a server share. They take what a request needs out of it before the first one. */
export interface ServerParts extends ServerRequest {
  /** With the settings of the app's own server. */
  readonly plan: LaunchPlan
  readonly router: RequestRouter | null
  readonly phase: ServerPhase
  /** What was served so far. */
  readonly served: {
    connections: number
    requests: number
    refusedClients: number
    refusedConnections: number
  }
  readonly accessLog: AccessLog | null
  /** `null` when no proxy is trusted. */
  readonly takeClientFacts: TakeClientFacts | null
  readonly open: OpenConnections
  readonly retired: RetiredConnections
  readonly webSockets: ServedWebSockets
  /** The request whose upgrade was ignored last, if Node may have dropped what followed it. */
  readonly ignoredUpgrade: { last: IncomingMessage | null }
  readonly http1: Server
  readonly http2Connections: Http2Connections
  /** Marks an answer over HTTP/1 as the last one on its connection. Over HTTP/2 the connection itself announces its end. */
  readonly endConnection: (response: ServerResponse) => void
  /** What the app's own server sets on each connection. */
  readonly tune: ((socket: Socket) => void) | null
  readonly onSocketError: (this: Socket, error: Error) => void
}

export function createServerParts(asked: ServerRequest): ServerParts {
  const { app, log, worker } = asked
  requirePlanOfApp(asked.plan, app)
  const plan = app.server ? planWithServer(asked.plan, { brought: app.server, log, worker }) : asked.plan
  adviseSticky(plan, { log, worker })
  const open = new OpenConnections()
  const webSockets = new ServedWebSockets()
  const http1 = createHttpServer(plan, app.server)
  const requests = http1.maxRequestsPerSocket ?? 0
  const http2Connections = new Http2Connections(plan.timeouts, { requests })
  const endConnection = (response: ServerResponse): void => {
    if (http2StreamOf(response) === null) closeWithAnswer(response, { isLast: () => open.isAlone(response) })
  }
  const retired = new RetiredConnections({
    open,
    http1,
    http2: http2Connections,
    webSockets,
    deadlineMs: plan.timeouts.gracefulMs,
    endConnection,
  })
  return {
    ...asked,
    plan,
    router: asked.router ?? null,
    phase: { stopping: false, draining: false, over: false },
    served: { connections: 0, requests: 0, refusedClients: 0, refusedConnections: 0 },
    takeClientFacts: clientFactsTaker(plan.proxy, { keepsOriginals: Boolean(asked.router) }),
    accessLog: plan.accessLog && openAccessLog(plan.accessLog, log),
    open,
    retired,
    webSockets,
    ignoredUpgrade: { last: null },
    http1,
    http2Connections,
    endConnection,
    tune: app.server ? connectionTuner(app.server) : null,
    onSocketError(error) {
      log.debug('connection failed', { client: this.remoteAddress, reason: error.message })
    },
  }
}
