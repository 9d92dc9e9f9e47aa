import type { ServerResponse } from 'node:http'
import { sentField } from '../../platform/node/internals/sent-head.ts'

/**
 * Whether a response feeds an `EventSource`, which asks by GET alone and reconnects when the response ends (WHATWG HTML section
 * 9.2.3). A stream of that type in answer to another method, such as the words of a language model, has an end of its own, and
 * no client would ask for the rest.
 */
export function isEventStream(response: ServerResponse): boolean {
  return (
    response.headersSent &&
    // An app may take it away.
    response.req?.method === 'GET' &&
    /^\s*text\/event-stream\s*(?:;|$)/i.test(contentType(response) ?? '')
  )
}

/** Ends an event stream in the app's place. What the app goes on to write is taken, as before, and goes nowhere: it may never have thought of an end. */
export function endEventStream(response: ServerResponse): void {
  if (response.writableEnded) return
  endedHere.add(response)
  response.end()
  const swallow = (given: readonly unknown[]): void => {
    const callback = given.findLast((one) => typeof one === 'function')
    if (callback) process.nextTick(callback as () => void)
  }
  Object.assign(response, {
    write: (...given: unknown[]) => {
      swallow(given)
      return true
    },
    end: (...given: unknown[]) => {
      swallow(given)
      return response
    },
  })
}

/** Whether an app may find that its stream was ended by the server: that is not a failure of the app. */
export function wasEndedHere(response: ServerResponse): boolean {
  return endedHere.has(response)
}

const endedHere = new WeakSet<ServerResponse>()

function contentType(response: ServerResponse): string | undefined {
  const set = response.getHeader('content-type')
  if (set !== undefined) return String(set)
  return sentField(response, 'content-type')
}
