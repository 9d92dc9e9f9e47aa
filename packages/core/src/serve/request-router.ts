import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** Knows which of several processes answers a request for the app, and passes requests on to the others. */
export interface RequestRouter {
  /** Where a request is answered that a client has sent to this process; `null`: here. It may be asked more than once. */
  routeOf(request: IncomingMessage): Route | null
  /** To be called before a request is answered here. */
  answersHere(request: IncomingMessage, response: ServerResponse): void
}

/** The way to another process. `here` answers in this one; it is called if the other one has got nothing of the request and can't take it. */
export interface Route {
  pass(
    request: IncomingMessage,
    response: ServerResponse,
    ways: {
      readonly here: () => void
      /** Makes an answer over HTTP/1 the last one on the connection of the client. */
      readonly endConnection: (response: ServerResponse) => void
    },
  ): void
  passUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    ways: { readonly head: Buffer; readonly here: (head: Buffer) => void },
  ): void
}

/** The part of this process in a request. */
export type RequestPart =
  /** It got it from a client and answers it. */
  | 'whole'
  /** It got it from a client and passes it on. */
  | 'client'
  /** It got it from another process, which speaks to the client. */
  | 'app'

const passed = Symbol('passed on')

/** Marks a connection on which another process passes on requests of a client. */
export function markPassed(socket: Socket): void {
  ;(socket as { [passed]?: true })[passed] = true
}

/** Whether another process has passed a request on. */
export function isPassed({ socket }: IncomingMessage): boolean {
  return (socket as { [passed]?: true } | null)?.[passed] === true
}
