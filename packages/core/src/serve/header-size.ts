import type { IncomingMessage } from 'node:http'
import type { LaunchPlan } from '../plan/launch-plan.ts'

/**
 * Whether a request has more headers, or larger ones, than the plan allows. Over HTTP/1 Node has measured them while it read
 * them; over HTTP/2 it only tells clients of the limit.
 */
export function hasTooLargeHeaders(
  { rawHeaders, httpVersionMajor }: IncomingMessage,
  { headerCount, headerBytes }: LaunchPlan['limits'],
): boolean {
  if (httpVersionMajor < 2) return rawHeaders.length / 2 > headerCount
  const names = rawHeaders.filter((_, index) => index % 2 === 0)
  const bytes = rawHeaders.reduce((sum, text) => sum + text.length, 0)
  // Method, path, scheme and authority come as fields with a colon before their names.
  return names.filter((name) => !name.startsWith(':')).length > headerCount || bytes > headerBytes
}
