import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { clientFacts } from '../../app/request/client-facts.ts'
import type { ServedApp } from '../../app/served-app.ts'
import type { Logger } from '../../log/logger.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import type { TakeClientFacts } from '../client/take-client-facts.ts'
import { beginPassed, isPassed, type RequestPart, type RequestRouter } from '../request-router.ts'
import { callApp } from './call-app.ts'
import { describeFailure } from './describe-failure.ts'
import { answerHealth } from './health-answer.ts'
import type { JudgeRequest } from './judge-request.ts'
import { refuseRequest } from './refuse-request.ts'

/** How far the server is on its way to its end. */
export interface ServerPhase {
  /** A stop was announced. */
  stopping: boolean
  /** Connections are being closed. */
  draining: boolean
  /** The last connection has ended. */
  over: boolean
}

/** `stream` is `null`, or left out, for a request over HTTP/1. */
export type HandleRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  stream?: ServerHttp2Stream | null,
  handle?: ServedApp['handle'],
) => void

/**
 * Takes requests of both versions through the checks and to the app. It is what every request costs: what is the same for all of them is
 * looked up before the first one.
 */
export function requestHandler({
  plan: { tls, https, timeouts },
  app,
  phase,
  takeClientFacts,
  router,
  judge,
  observe,
  countForApp,
  comesTooLate,
  isRetired,
  ignoresUpgrade,
  endConnection,
  log,
}: {
  plan: LaunchPlan
  app: ServedApp
  phase: Readonly<ServerPhase>
  /** `null`: the connection shows who the client is. */
  takeClientFacts: TakeClientFacts | null
  /** `null`: this process answers all requests. */
  router: RequestRouter | null
  judge: JudgeRequest
  /** Sees each exchange before it is answered. */
  observe: (
    request: IncomingMessage,
    response: ServerResponse,
    about: { stream: ServerHttp2Stream | null; isForApp: boolean; part: RequestPart },
  ) => void
  /** Counts a request that was to be answered by another process as one of this one. */
  countForApp: (response: ServerResponse) => void
  /** Whether a request over HTTP/1 follows one that was the last. It is dropped. */
  comesTooLate: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Whether a connection of HTTP/1 takes no further request. */
  isRetired: (socket: Socket) => boolean
  /** Whether the request asked for an upgrade that was ignored, so that Node may have dropped what followed it. */
  ignoresUpgrade: (request: IncomingMessage) => boolean
  /** Makes an answer over HTTP/1 say that it is the last one on its connection. */
  endConnection: (response: ServerResponse) => void
  log: Logger
}): HandleRequest {
  const overHttp1 = { isHttp1: true }
  const overHttp2 = { isHttp1: false }
  const passedOnOverHttp1 = { isHttp1: true, isPassedOn: true } as const
  const passedOnOverHttp2 = { isHttp1: false, isPassedOn: true } as const
  // Only over TLS, whether it ends here or at a trusted proxy: RFC 6797 section 7.2.
  const hsts = tls || takeClientFacts ? https.hsts : null
  const isSecure = (request: IncomingMessage): boolean =>
    takeClientFacts === null || clientFacts(request).scheme === 'https'
  const onResponseError = function (this: ServerResponse, error: Error): void {
    log.error('the app failed on a request', describeFailure(error, this.req ?? {}))
  }
  return (request, response, stream = null, handle = app.handle) => {
    const isHttp1 = stream === null
    if (isHttp1 && comesTooLate(request, response)) return
    takeClientFacts?.(request)
    const comesPassed = router !== null && isPassed(request)
    if (comesPassed) beginPassed(request)
    const route = router === null || comesPassed ? null : router.routeOf(request)
    const judged =
      route === null
        ? judge(request, isHttp1 ? overHttp1 : overHttp2)
        : judge(request, isHttp1 ? passedOnOverHttp1 : passedOnOverHttp2)
    observe(request, response, {
      stream,
      isForApp: judged.kind !== 'health',
      part: comesPassed ? 'app' : route !== null && judged.kind === 'app' ? 'client' : 'whole',
    })
    // A write after the end, for one. Without a listener it would end the process.
    response.on('error', onResponseError)
    if (isHttp1) {
      if (
        timeouts.keepAliveMs === 0 ||
        (judged.kind === 'refused' && judged.isLast) ||
        ignoresUpgrade(request)
      )
        response.setHeader('Connection', 'close')
      else if (phase.draining || isRetired(request.socket)) endConnection(response)
    }
    if (hsts !== null && isSecure(request)) response.setHeader('Strict-Transport-Security', hsts)
    switch (judged.kind) {
      case 'refused':
        refuseRequest(response, judged)
        return
      case 'health':
        answerHealth(response, {
          question: judged.question,
          stopping: phase.stopping,
          isReady: app.isReady?.() ?? true,
        })
        return
      case 'app': {
        if (router === null || comesPassed) return callApp({ handle, request, response, log })
        const here = (): void => {
          router.answersHere(request, response)
          callApp({ handle, request, response, log })
        }
        if (route === null) here()
        else {
          const hereAfterAll = (): void => {
            const again = judge(request, isHttp1 ? overHttp1 : overHttp2)
            if (again.kind === 'refused') refuseRequest(response, again)
            else {
              countForApp(response)
              here()
            }
          }
          route.pass(request, response, { here: hereAfterAll, endConnection })
        }
      }
    }
  }
}
