import type http from 'node:http'
import type { ServedApp } from '../app/served-app.ts'
import type { Logger } from '../platform/logger.ts'
import { breakOff } from './break-off.ts'
import { wasEndedHere } from './event-stream.ts'
import { refuseRequest } from './refuse-request.ts'

interface Call {
  app: ServedApp
  request: http.IncomingMessage
  response: http.ServerResponse
  log: Logger
}

/** Hands a request to the app. What it throws, or rejects with, is answered with 500 and logged; the server goes on. */
export function callApp(call: Call): void {
  try {
    const result = call.app.handle(call.request, call.response)
    if (result instanceof Promise) result.catch((error: unknown) => answerFailure(error, call))
  } catch (error) {
    answerFailure(error, call)
  }
}

function answerFailure(error: unknown, { request, response, log }: Call): void {
  if (wasEndedHere(response)) return
  log.error('the app failed on a request', {
    method: request.method,
    target: request.url,
    stack: error instanceof Error ? error.stack : String(error),
  })
  if (response.headersSent) breakOff(request, response)
  else refuseRequest(response, { status: 500 })
}
