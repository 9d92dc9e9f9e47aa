import type { IncomingMessage } from 'node:http'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { http2FactsOf } from '../http2/http2-facts.ts'
import { type HealthQuestion, healthQuestion } from './health-answer.ts'
import { requestFault } from './request-fault.ts'

/** What becomes of a request before the app sees it. */
export type Judgement =
  | { readonly kind: 'app' }
  /** The server answers it. */
  | { readonly kind: 'health'; readonly question: HealthQuestion }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly retryAfterSeconds?: number
      /** Over HTTP/1, the connection closes after the answer. */
      readonly isLast?: true
    }

export type JudgeRequest = (
  request: IncomingMessage,
  by: {
    readonly isHttp1: boolean
    /** Another process answers it, and counts it. */
    readonly isPassedOn?: true
  },
) => Judgement

const forTheApp: Judgement = { kind: 'app' }

/** The checks that every request meets, an upgrade and CONNECT among them. It is what every request costs. */
export function requestJudge({
  plan: { limits, health },
  speaksHttp1,
  requiresHost,
  inFlight,
}: {
  plan: LaunchPlan
  speaksHttp1: boolean
  /** A request over HTTP/1.1 without `Host` is refused. */
  requiresHost: boolean
  /** Requests to the app, the one that is judged not counted. */
  inFlight: () => number
}): JudgeRequest {
  const asksHealth = health.readyPath !== null || health.livePath !== null
  const demands = { requiresHost }
  return (request, { isHttp1, isPassedOn }) => {
    if (hasTooLargeHeaders(request, limits)) return { kind: 'refused', status: 431, isLast: true }
    const fault = requestFault(request, demands)
    if (fault !== null) return { kind: 'refused', status: fault, isLast: true }
    if (isHttp1 && !speaksHttp1) return { kind: 'refused', status: 505, isLast: true }
    const question = asksHealth ? healthQuestion(request, health) : null
    if (question) return { kind: 'health', question }
    if (limits.concurrency !== null && !isPassedOn && inFlight() >= limits.concurrency)
      return { kind: 'refused', status: 503, retryAfterSeconds: 1 }
    return forTheApp
  }
}

/**
 * Whether a request has more headers, or larger ones, than the plan allows. Over HTTP/1 Node has measured them while it read
 * them; over HTTP/2 it only announces the limit to clients.
 */
function hasTooLargeHeaders(
  request: IncomingMessage,
  { headerCount, headerBytes }: LaunchPlan['limits'],
): boolean {
  const read = request.httpVersionMajor === 2 ? http2FactsOf(request) : null
  if (read === null) return request.rawHeaders.length / 2 > headerCount
  return read.fieldCount > headerCount || read.fieldSize > headerBytes
}
