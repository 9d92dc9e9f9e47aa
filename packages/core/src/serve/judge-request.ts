import type { IncomingMessage } from 'node:http'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { hasTooLargeHeaders } from './header-size.ts'
import { type HealthQuestion, healthQuestion } from './health-answer.ts'
import { http2StreamOf } from './http2/http2-exchange.ts'
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

const forTheApp: Judgement = { kind: 'app' }

/** The checks that every request meets, an upgrade and CONNECT among them. It is what every request costs. */
export function judgeRequest(
  request: IncomingMessage,
  {
    plan: { limits, health },
    speaksHttp1,
    requiresHost,
    inFlight,
  }: {
    plan: LaunchPlan
    speaksHttp1: boolean
    /** A request over HTTP/1.1 without `Host` is refused. */
    requiresHost: boolean
    /** Requests to the app, this one not counted. */
    inFlight: number
  },
): Judgement {
  if (hasTooLargeHeaders(request, limits)) return { kind: 'refused', status: 431, isLast: true }
  const fault = requestFault(request, { requiresHost })
  if (fault !== null) return { kind: 'refused', status: fault, isLast: true }
  if (!speaksHttp1 && http2StreamOf(request) === null) return { kind: 'refused', status: 505, isLast: true }
  const question = healthQuestion(request, health)
  if (question) return { kind: 'health', question }
  if (limits.concurrency !== null && inFlight >= limits.concurrency)
    return { kind: 'refused', status: 503, retryAfterSeconds: 1 }
  return forTheApp
}
