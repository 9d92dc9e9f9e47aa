import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { OnExchangeEnd } from './connections/open-connections.ts'
import { comesTooLate } from './request/comes-too-late.ts'
import { type JudgeRequest, requestJudge } from './request/judge-request.ts'
import { isComplete, observeRequest } from './request/observe-request.ts'
import { type HandleRequest, requestHandler } from './request/request-handler.ts'
import type { RequestPart } from './request-router.ts'
import type { ServerParts } from './server-parts.ts'

/** What every request passes, over either version. */
export interface RequestPath {
  readonly judge: JudgeRequest
  readonly observe: (
    request: IncomingMessage,
    response: ServerResponse,
    about: { stream: ServerHttp2Stream | null; isForApp: boolean; part: RequestPart },
  ) => void
  readonly onRequest: HandleRequest
}

/** Joins the checks, the counts, the access log and the app. Each request runs through what is made here. */
export function serveRequests({
  plan,
  app,
  log,
  worker,
  onAnswered,
  phase,
  served,
  accessLog,
  takeClientFacts,
  router,
  open,
  retired,
  ignoredUpgrade,
  endConnection,
}: ServerParts): RequestPath {
  const record = accessLog?.record
  const { abandonedStatus = 0 } = app
  const endOfOwn: OnExchangeEnd = (sent) => {
    if (isComplete(sent)) served.requests += 1
  }
  const endOfApp: OnExchangeEnd = (sent) => {
    endOfOwn(sent)
    onAnswered?.()
  }
  const endOfPassed: OnExchangeEnd = () => onAnswered?.()
  const observe: RequestPath['observe'] = (request, response, { stream, isForApp, part }) => {
    if (part === 'app') {
      open.begin(request, response, { stream, isForApp, onEnd: endOfPassed })
      return
    }
    const isOurs = isForApp && part === 'whole'
    open.begin(request, response, { stream, isForApp: isOurs, onEnd: isOurs ? endOfApp : endOfOwn })
    if (record) observeRequest(request, response, { stream, worker, abandonedStatus, onEnd: record })
  }
  const judge = requestJudge({
    plan,
    speaksHttp1: plan.tls === null || plan.https.protocols.includes('http/1.1'),
    requiresHost: !app.server?.settings.some(({ name }) => name === 'requireHostHeader'),
    inFlight: () => open.inFlight,
  })
  const onRequest = requestHandler({
    plan,
    app,
    phase,
    takeClientFacts,
    router,
    judge,
    observe,
    countForApp: (response) => open.takeForApp(response, endOfApp),
    comesTooLate: (request, response) => comesTooLate(request, response, open),
    isRetired: (socket) => retired.has(socket),
    ignoresUpgrade: (request) => request === ignoredUpgrade.last,
    endConnection,
    log,
  })
  return { judge, observe, onRequest }
}
