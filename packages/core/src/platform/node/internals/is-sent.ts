import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { http } from '../node-http.ts'

/**
 * Whether all of a response over HTTP/1 was handed to the system. To be asked when the response is closed; `socket` is the connection that
 * it had. Older Node (seen: 22.23) counts a write that the end of the connection has cancelled as done, and `writableFinished` is then true.
 * There, a connection that was destroyed must have finished its own writing.
 */
export function isSent(response: ServerResponse, socket: Socket): boolean {
  return response.writableFinished && !(countsCancelledWrites && socket.destroyed && !socket.writableFinished)
}

/** Newer Node (seen: 24.21) sets `writableFinished` when the last write was successful; older Node works it out from what is queued. */
const countsCancelledWrites = ((): boolean => {
  const response = new http.ServerResponse({ method: 'GET' } as IncomingMessage)
  response.finished = true
  return response.writableFinished
})()
