import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Http2Server } from 'node:http2'
import { refuseRequest } from './refuse-request.ts'

/**
 * Answers a request that expects something else than 100-continue with 417 (RFC 9110 section 10.1.1), as Node does. That of Node would go past
 * the checks of a request, and be in no access log.
 */
export function refuseExpectations(
  { http1, http2 }: { http1: Server; http2: Http2Server | null },
  answer: (
    request: IncomingMessage,
    response: ServerResponse,
    handle: (request: IncomingMessage, response: ServerResponse) => void,
  ) => void,
): void {
  const onExpectation = (request: IncomingMessage, response: ServerResponse): void =>
    answer(request, response, refuseExpectation)
  for (const one of [http1, http2]) one?.on('checkExpectation', onExpectation as never)
}

export function refuseExpectation(_: IncomingMessage, response: ServerResponse): void {
  refuseRequest(response, { status: 417 })
}
