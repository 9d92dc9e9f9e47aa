import type { ServerResponse } from 'node:http'
import { http } from '../../platform/node/node-http.ts'
import { breakOff } from './break-off.ts'

/** What the server has set itself before the app was called. */
const ours: ReadonlySet<string> = new Set(['strict-transport-security', 'connection'])

/**
 * Answers a request instead of the app. Nothing of what an app has set for another answer goes with it, and it never throws: where the app has made
 * the response unfit for use, the connection or stream is broken off.
 */
export function refuseRequest(
  response: ServerResponse,
  {
    status,
    retryAfterSeconds,
    reason,
  }: { status: number; retryAfterSeconds?: number /** A sentence for the client. */; reason?: string },
): void {
  try {
    for (const name of response.getHeaderNames()) if (!ours.has(name)) response.removeHeader(name)
    if (!/^close$/i.test(String(response.getHeader('connection') ?? 'close')))
      response.removeHeader('connection')
    response.statusMessage = ''
    response.sendDate = true
    response.writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      ...(retryAfterSeconds !== undefined && { 'Retry-After': retryAfterSeconds }),
    })
    response.end(`${status} ${http.STATUS_CODES[status]}\n${reason === undefined ? '' : `${reason}\n`}`)
  } catch {
    breakOff(response)
  }
}
