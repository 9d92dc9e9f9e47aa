import { type ServerResponse, STATUS_CODES } from 'node:http'

/** Answers a request in place of the app. */
export function refuseRequest(
  response: ServerResponse,
  {
    status,
    retryAfterSeconds,
    close = false,
  }: { status: number; retryAfterSeconds?: number; close?: boolean },
): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    ...(retryAfterSeconds !== undefined && { 'Retry-After': retryAfterSeconds }),
    ...(close && { Connection: 'close' }),
  })
  response.end(`${status} ${STATUS_CODES[status]}\n`)
}
