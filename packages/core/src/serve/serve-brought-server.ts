import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Http2Server } from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { BroughtServer } from '../app/contract/brought-server.ts'
import type { FoundSetting } from '../app/contract/read-settings.ts'
import type { ServerEvent } from '../app/contract/rows/event-rows.ts'
import { watchSettings } from '../app/contract/watch-settings.ts'
import { messageOf, stackOf } from '../errors/thrown.ts'
import type { Logger } from '../log/logger.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import { util } from '../platform/node/node-util.ts'
import { isHarmlessRequest } from '../verify/probes/harmless-request.ts'
import { presentServer } from './present-server.ts'
import { answerRaw } from './request/raw-answer.ts'
import { refuseExpectation } from './request/refuse-expectations.ts'

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown

/** The events that an exported `http.Server` gets from the one that serves instead of it. */
export interface BroughtServerEvents {
  /** To be called once a connection is served, with the socket on which HTTP is spoken. */
  connected(socket: Socket, options: { readonly isSecured: boolean }): void
  /** A connection above the limit is about to be closed. */
  dropped(socket: Socket): void
  handshakeFailed(error: Error, socket: TLSSocket): void
  /** Connections are accepted from now on. Only the first call counts. */
  opened(addresses: readonly BoundAddress[]): void
  /** The last connection has ended. */
  closed(): void
}

/**
 * Calls the listeners of an exported `http.Server` when Node would have: same `this`, same arguments, same order, and one that replaces
 * an answer of Node's replaces it here. What a listener throws, or rejects with, costs its connection at most and is logged.
 */
export function serveBroughtServer({
  brought,
  http1,
  http2,
  answer,
  call,
  onDropped,
  onSettingsChanged,
  answersContinue,
  connectionCount,
  log,
}: {
  brought: BroughtServer
  http1: Server
  http2: Http2Server | null
  /** Takes a request through all checks, and to the app by this function. */
  answer: (request: IncomingMessage, response: ServerResponse, handle: Handle) => void
  /** Calls the app, past the checks. */
  call: (request: IncomingMessage, response: ServerResponse, handle: Handle) => void
  /** A request above `maxRequestsPerSocket` gets 503 from Node. */
  onDropped: (request: IncomingMessage) => void
  /** Throws a `LaunchError` for what can't be honoured. */
  onSettingsChanged: (changed: readonly FoundSetting[]) => void
  /** `Expect: 100-continue` is answered after the checks, and not by Node before them. */
  answersContinue: boolean
  connectionCount: () => number
  log: Logger
}): BroughtServerEvents {
  const { server } = brought
  const presented = presentServer(server, { http1, connectionCount, looksOpen: brought.captured !== null })

  /** Calls the listeners of an event that has no answer of its own. */
  const notify = (
    event: ServerEvent,
    given: readonly unknown[],
    onFailure: (error: unknown) => void = () => undefined,
  ): void => {
    const fail = (error: unknown): void => {
      log.error('a listener of the app failed', { event, stack: stackOf(error) })
      onFailure(error)
    }
    try {
      const result = brought.call(event, ...given)
      if (util.types.isPromise(result)) result.catch(fail)
    } catch (error) {
      fail(error)
    }
  }

  const expectations = {
    checkContinue: (request: IncomingMessage, response: ServerResponse) =>
      answer(request, response, (...exchange) => {
        if (brought.has('checkContinue')) return brought.call('checkContinue', ...exchange)
        response.writeContinue()
        return brought.handle(...exchange)
      }),
    checkExpectation: (request: IncomingMessage, response: ServerResponse) =>
      answer(request, response, (...exchange) => {
        if (brought.has('checkExpectation')) return brought.call('checkExpectation', ...exchange)
        return refuseExpectation(request, response)
      }),
  }
  const onClientError = (error: Error, socket: Socket): void => {
    // An app that says nothing to it would make Lockstep's own check of the address fail: `refuseUnparsed()` answers.
    if (isHarmlessRequest((error as { rawPacket?: Buffer }).rawPacket)) return
    if (brought.has('clientError')) notify('clientError', [error, socket], () => socket.destroy())
    else answerRaw(socket, { status: 400 })
  }
  const onTimeout = (connection: { destroy(): unknown }): void => {
    if (brought.has('timeout')) notify('timeout', [connection], () => connection.destroy())
    else connection.destroy()
  }
  /** Node asks how many listeners there are, so that these are added when the app adds its first. */
  const onFirst = {
    checkContinue() {
      for (const one of [http1, http2]) one?.on('checkContinue', expectations.checkContinue as never)
    },
    checkExpectation() {
      for (const one of [http1, http2]) one?.on('checkExpectation', expectations.checkExpectation as never)
    },
    clientError: () => http1.on('clientError', onClientError as never),
    timeout() {
      for (const one of [http1, http2]) one?.on('timeout', onTimeout)
    },
  } satisfies { readonly [Event in ServerEvent]?: () => void }
  const isAnsweredFirst = (event: string): event is keyof typeof onFirst => Object.hasOwn(onFirst, event)
  const forwarded = new Set<string>()
  const forward = (event: string): void => {
    if (forwarded.has(event)) return
    forwarded.add(event)
    if (isAnsweredFirst(event)) onFirst[event]()
  }
  // The 417 of Node would be in no access log, and past the limits.
  forward('checkExpectation')
  if (answersContinue) forward('checkContinue')
  for (const event of Object.keys(onFirst)) if (isAnsweredFirst(event) && brought.has(event)) forward(event)
  brought.onListenerAdded(forward)

  http1.on('dropRequest', (request, socket) => {
    onDropped(request)
    notify('dropRequest', [request, socket])
  })
  takeOverEvents(server, {
    // Apps emit it when they have checked `Expect`.
    request: (request, response) =>
      call(request as IncomingMessage, response as ServerResponse, (...exchange) =>
        brought.handle(...exchange),
      ),
    clientError: (error, socket) => http1.emit('clientError', error as Error, socket as Socket),
    timeout: (socket) => http1.emit('timeout', socket as Socket),
  })

  let isSettling = false
  /** Apps set them at any time. Those of one turn of the event loop are applied together. */
  const settleSettings = async (): Promise<void> => {
    if (isSettling) return
    isSettling = true
    await new Promise((resolve) => setImmediate(resolve))
    isSettling = false
    try {
      onSettingsChanged(brought.readChanges())
    } catch (error) {
      log.error('a setting of the server of the app has no effect', { reason: messageOf(error) })
      brought.listenerFailed(error, { isStart: false })
    }
  }

  return {
    connected(socket, { isSecured }) {
      Object.assign(socket, { server })
      for (const event of ['connection', ...(isSecured ? (['secureConnection'] as const) : [])] as const)
        if (brought.has(event) && !socket.destroyed)
          notify(event, [socket], (error) => {
            // Node would end the process. An app may turn clients away in that listener, so the connection must not be served without it.
            socket.destroy()
            brought.listenerFailed(error, { isStart: false })
          })
    },
    dropped({ localAddress, localPort, localFamily, remoteAddress, remotePort, remoteFamily }) {
      if (brought.has('drop'))
        notify('drop', [{ localAddress, localPort, localFamily, remoteAddress, remotePort, remoteFamily }])
    },
    handshakeFailed(error, socket) {
      if (brought.has('tlsClientError')) notify('tlsClientError', [error, socket])
    },
    opened(addresses) {
      if (!presented.open(addresses)) return
      watchSettings(server, () => void settleSettings())
      // What was set since the app was loaded.
      void settleSettings()
      notify('listening', [], (error) => brought.listenerFailed(error, { isStart: true }))
    },
    closed() {
      if (presented.close()) notify('close', [])
      brought.captured?.ended()
    },
  }
}

/**
 * Takes events that are emitted on the app's server to where they are answered. Node finds the server of a connection as `socket.server`,
 * which apps look at too, so it is theirs; and it emits `clientError` and `timeout` there. This patches `emit`, for which there is no public
 * way: listeners of ours on their server would be seen, counted and removed by the app.
 */
function takeOverEvents(
  server: Server,
  handlers: { readonly [Event in ServerEvent]?: (...given: unknown[]) => unknown },
): void {
  const { emit } = server
  Object.defineProperty(server, 'emit', {
    configurable: true,
    writable: true,
    value: (event: string | symbol, ...given: unknown[]) => {
      const handler =
        typeof event === 'string' && Object.hasOwn(handlers, event)
          ? handlers[event as ServerEvent]
          : undefined
      return handler ? handler(...given) !== false : Reflect.apply(emit, server, [event, ...given])
    },
  })
}
