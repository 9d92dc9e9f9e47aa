import type { IncomingMessage, ServerResponse } from 'node:http'
import { http } from '../platform/node/node-http.ts'

/** A function for the chain of Connect, Express or Vite. `next()` passes a request on, and `next(error)` a failure. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => unknown

/**
 * Makes a middleware the only one of its chain. What it passes on ends as under Connect: `next()` in 404, and `next(error)` in the status
 * that the error names (`status`, `statusCode`) or in 500. The returned promise rejects with a failure of the server, so that it is logged,
 * and never resolves: a middleware that has returned may still call `next()`.
 */
export function endChain(
  middleware: Middleware,
): (request: IncomingMessage, response: ServerResponse) => Promise<never> {
  return (request, response) =>
    new Promise((_, reject) => {
      const next = (error?: unknown): void => {
        // What an app passes on may be anything; falsy means that nothing failed.
        if (!error) {
          answerStatus(response, 404)
          return
        }
        const status = statusOf(error)
        if (status !== null) answerStatus(response, status, (error as { headers?: unknown }).headers)
        if (status === null || status >= 500) reject(error)
      }
      const result = middleware(request, response, next)
      if (isThenable(result)) result.then(undefined, reject)
    })
}

/** `null` when the error names none: http-errors of npm and its kin do. */
function statusOf(error: unknown): number | null {
  const { status, statusCode } = Object(error) as { status?: unknown; statusCode?: unknown }
  const named = [status, statusCode].find((code) => Number.isInteger(code))
  return typeof named === 'number' && named >= 400 && named < 600 ? named : null
}

/** The reason alone, since an error's message may hold what is not for the client. */
function answerStatus(response: ServerResponse, status: number, headers?: unknown): void {
  if (response.headersSent) return
  for (const name of ['Content-Encoding', 'Content-Language', 'Content-Range']) response.removeHeader(name)
  if (typeof headers === 'object' && headers !== null)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value as string)
  const text = `${http.STATUS_CODES[status] ?? status}\n`
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.setHeader('Content-Length', Buffer.byteLength(text))
  response.end(text)
}

function isThenable(result: unknown): result is PromiseLike<unknown> {
  return typeof (result as { then?: unknown } | null | undefined)?.then === 'function'
}
