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

/** The byte by which a connection says that it ends on purpose, before any answer (ASCII: cancel). It can't begin an answer of HTTP. */
export const farewell = 24

interface PassedConnection {
  /** `bytesWritten` when the last request came; `null`: none has come. */
  writtenBefore: number | null
}

type MaybePassed = { [passed]?: PassedConnection } | null

/**
 * Marks a connection on which another process passes on requests of a client. An app may destroy it instead of an answer: the other process then must not
 * take that for the end of this one. A trick: it replaces `destroy()`, to which everything comes by which an app ends a connection.
 */
export function markPassed(socket: Socket): void {
  const connection: PassedConnection = { writtenBefore: null }
  ;(socket as MaybePassed & Socket)[passed] = connection
  const { destroy } = socket
  Object.defineProperty(socket, 'destroy', {
    configurable: true,
    writable: true,
    value(error?: Error) {
      // Node holds back what is written in one turn of the event loop.
      while (socket.writableCorked > 0) socket.uncork()
      if (connection.writtenBefore === socket.bytesWritten && socket.writable)
        socket.write(Uint8Array.of(farewell))
      return destroy.call(socket, error)
    },
  })
}

/** Whether another process has passed a request on. */
export function isPassed({ socket }: IncomingMessage): boolean {
  return (socket as MaybePassed)?.[passed] !== undefined
}

/** To be called when such a request has come, before anything of its answer is written. */
export function beginPassed({ socket }: IncomingMessage): void {
  const connection = (socket as MaybePassed)?.[passed]
  if (connection) connection.writtenBefore = socket.bytesWritten
}
