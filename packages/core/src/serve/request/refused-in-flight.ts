import type { ServerResponse } from 'node:http'

const statuses = new WeakMap<ServerResponse, number>()
const listeners = new WeakMap<ServerResponse, () => void>()

/**
 * Node's parser has refused the body of a request that its app has already got. It is answered past its response, with this status in the
 * access log. The connection is still read for a while then, so the app would learn of it late.
 */
export function refuseInFlight(response: ServerResponse, status: number): void {
  statuses.set(response, status)
  listeners.get(response)?.()
}

/** The status with which a request was answered past its response. */
export function statusPast(response: ServerResponse): number | undefined {
  return statuses.get(response)
}

/**
 * Calls back when the body of a request over HTTP/1 is refused: at once, and in the turn in which its head was handed out if the head makes the parser
 * refuse it. If it was refused before, it calls back now. One listener a response.
 */
export function whenRefused(response: ServerResponse, listener: () => void): void {
  if (statuses.has(response)) listener()
  else listeners.set(response, listener)
}
