import type { ServerResponse } from 'node:http'
import { breakOff } from '../serve/request/break-off.ts'
import { refuseRequest } from '../serve/request/refuse-request.ts'
import type { FaultKind } from './upstream/upstream-fault.ts'

/** What a client reads when an upstream fails. It says nothing of where the upstream is. */
export interface FaultAnswer {
  readonly status: 502 | 503 | 504
  readonly reason: string
  readonly retryAfterSeconds?: number
}

export const faultAnswers = {
  'none-ready': {
    status: 503,
    reason: 'The program behind this server is not ready. Try again in a moment.',
    retryAfterSeconds: 1,
  },
  refused: { status: 502, reason: 'The program behind this server does not accept connections.' },
  closed: { status: 502, reason: 'The program behind this server closed the connection without an answer.' },
  invalid: { status: 502, reason: 'The program behind this server sent an answer that is not valid HTTP.' },
  cut: {
    status: 502,
    reason: 'The program behind this server closed the connection in the middle of its answer.',
  },
  'connect-late': {
    status: 504,
    reason: 'The program behind this server did not accept the connection in time.',
  },
  'response-late': { status: 504, reason: 'The program behind this server did not answer in time.' },
  silent: {
    status: 504,
    reason: 'The program behind this server stopped sending in the middle of its answer.',
  },
} as const satisfies Readonly<Record<FaultKind, FaultAnswer>>

/** Answers a request that no upstream has answered. A response that has begun is cut, so that the client does not take it for complete. */
export function answerFault(response: ServerResponse, answer: FaultAnswer): void {
  if (response.headersSent) breakOff(response)
  else refuseRequest(response, answer)
}
