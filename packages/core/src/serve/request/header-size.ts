import type { IncomingMessage } from 'node:http'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { http2FactsOf } from '../http2/http2-facts.ts'

/**
 * Whether a request has more headers, or larger ones, than the plan allows. Over HTTP/1 Node has measured them while it read
 * them; over HTTP/2 it only announces the limit to clients.
 */
export function hasTooLargeHeaders(
  request: IncomingMessage,
  { headerCount, headerBytes }: LaunchPlan['limits'],
): boolean {
  const read = request.httpVersionMajor === 2 ? http2FactsOf(request) : null
  if (read === null) return request.rawHeaders.length / 2 > headerCount
  return read.fieldCount > headerCount || read.fieldSize > headerBytes
}
