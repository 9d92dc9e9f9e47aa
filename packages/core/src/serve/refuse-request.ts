import type { ServerResponse } from 'node:http'
import { http } from '../platform/node-http.ts'

/** Answers a request in place of the app. */
export function refuseRequest(
  response: ServerResponse,
  { status, retryAfterSeconds }: { status: number; retryAfterSeconds?: number },
): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    ...(retryAfterSeconds !== undefined && { 'Retry-After': retryAfterSeconds }),
  })
  response.end(`${status} ${http.STATUS_CODES[status]}\n`)
}
