import type http from 'node:http'
import type { ServedApp } from '../../app/served-app.ts'
import type { Logger } from '../../log/logger.ts'
import { util } from '../../platform/node/node-util.ts'
import { breakOff } from './break-off.ts'
import { describeFailure } from './describe-failure.ts'
import { wasEndedHere } from './event-stream.ts'
import { refuseRequest } from './refuse-request.ts'

interface Call {
  handle: ServedApp['handle']
  request: http.IncomingMessage
  response: http.ServerResponse
  log: Logger
}

/** Hands a request to the app. What it throws, or rejects with, is answered with 500 and logged; the server goes on. */
export function callApp(call: Call): void {
  try {
    const result = call.handle(call.request, call.response)
    if (isPromise(result)) result.catch((error: unknown) => answerFailure(error, call))
  } catch (error) {
    answerFailure(error, call)
  }
}

/** Also of another realm, such as the VM context of an app. Only then Node is asked, which costs more than all other checks of a request. */
function isPromise(result: unknown): result is Promise<unknown> {
  if (typeof result !== 'object' || result === null) return false
  return result.constructor === Promise || util.types.isPromise(result)
}

function answerFailure(error: unknown, { request, response, log }: Call): void {
  if (wasEndedHere(response)) return
  log.error('the app failed on a request', describeFailure(error, request))
  // An answer that is complete is not spoilt by what its app does after it.
  if (response.writableEnded) return
  if (response.headersSent) breakOff(response)
  else refuseRequest(response, { status: 500 })
}
