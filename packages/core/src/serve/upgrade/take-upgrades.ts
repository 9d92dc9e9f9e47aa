import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ServedApp } from '../../app/served-app.ts'
import type { Logger } from '../../log/logger.ts'
import { endsWithHead } from '../../platform/node/internals/ends-with-head.ts'
import { judgeAsParsed } from '../../platform/node/internals/judge-as-parsed.ts'
import { util } from '../../platform/node/node-util.ts'
import type { TakeClientFacts } from '../client/take-client-facts.ts'
import type { OpenConnections } from '../connections/open-connections.ts'
import type { AccessRecord } from '../request/access-log-line.ts'
import { describeFailure } from '../request/describe-failure.ts'
import type { Judgement } from '../request/judge-request.ts'
import { describeRequest } from '../request/observe-request.ts'
import { answerRaw, watchRawAnswer } from '../request/raw-answer.ts'
import { beginPassed, isPassed, type RequestPart, type RequestRouter, type Route } from '../request-router.ts'
import type { ServedWebSockets } from './served-websockets.ts'
import { offeredProtocols, takesProtocol } from './upgrade-protocol.ts'

/**
 * Hands connections over to the app that leave HTTP: upgrades (RFC 9110 section 7.8) and CONNECT (section 9.3.6). They meet the same checks
 * as requests, appear in the access log with the status that the app writes, and a handler that fails costs its connection alone. An
 * upgrade that is not for the app, or that a check refuses, stays a request like any other: a server may ignore `Upgrade`. So does one with a body,
 * which Node would hand over as the first bytes of the other protocol, and one behind another request, whose answer it would overtake.
 */
export function takeUpgrades({
  http1,
  app,
  takeClientFacts,
  router,
  judge,
  open,
  webSockets,
  ignoredUpgrade,
  onSocketError,
  onAnswered,
  onRecord,
  worker,
  log,
}: {
  http1: Server
  app: ServedApp
  takeClientFacts: TakeClientFacts | null
  router: RequestRouter | null
  judge: (request: IncomingMessage, by?: { readonly isPassedOn?: true }) => Judgement
  open: OpenConnections
  webSockets: ServedWebSockets
  /** Where the request is kept whose connection must end with its answer. */
  ignoredUpgrade: { last: IncomingMessage | null }
  onSocketError: (this: Socket, error: Error) => void
  /** The app has answered. */
  onAnswered: (part: RequestPart) => void
  /** Called when the connection is closed; absent without an access log. */
  onRecord: ((record: AccessRecord) => void) | undefined
  worker: number | null
  log: Logger
}): { /** To be called for each connection that `http1` has got. */ watch(socket: Socket): void } {
  const routeOf = (request: IncomingMessage): Route | null =>
    router === null || isPassed(request) ? null : router.routeOf(request)
  /** Whether a request that asks for an upgrade leaves HTTP. */
  const isTaken = (request: IncomingMessage): boolean => {
    try {
      takeClientFacts?.(request)
      const route = routeOf(request)
      return (
        !hasBody(request) &&
        open.exchangesOn(request.socket).length === 0 &&
        takesProtocol(app, offeredProtocols(request)) &&
        judge(request, route === null ? {} : { isPassedOn: true }).kind === 'app' &&
        (route === null ? isWanted(app, request) : takesUpgrades(app))
      )
    } catch (error) {
      log.error('the app failed on an upgrade', describeFailure(error, request))
      return false
    }
  }
  const leavesHttp = (request: IncomingMessage): boolean => {
    if (isTaken(request)) return true
    if (hasBody(request) || !endsWithHead(request)) ignoredUpgrade.last = request
    return false
  }

  const handOver = (
    { request, socket, part }: { request: IncomingMessage; socket: Duplex; part: RequestPart },
    handle: (takeHere: (run: () => unknown) => void) => unknown,
  ): void => {
    let counted = part
    let release = part === 'client' ? () => undefined : open.hold()
    const answer = watchRawAnswer(socket, {
      onAnswered() {
        release()
        onAnswered(counted)
      },
    })
    const record = part === 'app' ? undefined : onRecord && describeRequest(request, { worker })
    socket.once('close', () => {
      release()
      if (record) onRecord?.(record({ ...answer, complete: answer.status !== 0 }))
    })
    const fail = (error: unknown): void => {
      log.error('the app failed on an upgrade', describeFailure(error, request))
      if (answer.status === 0) answerRaw(socket, { status: 500 })
      else socket.destroy()
    }
    const attempt = (run: () => unknown): void => {
      try {
        const result = run()
        if (util.types.isPromise(result)) result.catch(fail)
      } catch (error) {
        fail(error)
      }
    }
    /** For what another process was to answer. */
    const takeHere = (run: () => unknown): unknown => {
      const judged = judge(request)
      if (judged.kind === 'refused') return answerRaw(socket, judged)
      // It has left HTTP already. A client that tries again meets the worker that it belongs to by then.
      if (!isWanted(app, request)) return answerRaw(socket, { status: 503, retryAfterSeconds: 1 })
      if (!socket.closed) release = open.hold()
      counted = 'whole'
      return run()
    }
    attempt(() => handle((run) => attempt(() => takeHere(run))))
  }

  // For both, Node's server has taken its own listener of errors away. One comes at once: an answer before it may still fail.
  http1.on('upgrade', (request, socket, head) => {
    socket.on('error', onSocketError)
    beginPassed(request)
    const route = routeOf(request)
    handOver({ request, socket, part: partIn(request, route) }, (takeHere) => {
      webSockets.add(request, socket)
      if (route === null) return app.upgrade?.(request, socket, head)
      // It may be called by an event of another connection, or by a timer.
      const here = (rest: Buffer): void => takeHere(() => app.upgrade?.(request, socket, rest))
      return route.passUpgrade(request, socket, { head, here })
    })
  })
  http1.on('connect', (request, socket, head) => {
    socket.on('error', onSocketError)
    takeClientFacts?.(request)
    const proceed = (): void => {
      // The answer before it may have closed the connection.
      if (!socket.writable) return
      handOver({ request, socket, part: partIn(request, null) }, () => {
        const judged = judge(request)
        if (judged.kind === 'refused') return answerRaw(socket, judged)
        return app.server?.has('connect')
          ? app.server.call('connect', request, socket, head)
          : answerRaw(socket, { status: 405 })
      })
    }
    const before = open.exchangesOn(socket as Socket).at(-1)
    if (before) before.response.once('close', proceed)
    else proceed()
  })

  // Since Node 24.9 it asks; before that, only listeners count.
  const asks = 'shouldUpgradeCallback' in http1
  if (asks) Object.assign(http1, { shouldUpgradeCallback: leavesHttp })
  return { watch: asks ? () => undefined : (socket) => judgeAsParsed(socket, leavesHttp) }
}

function partIn(request: IncomingMessage, route: Route | null): RequestPart {
  if (route !== null) return 'client'
  return isPassed(request) ? 'app' : 'whole'
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
}

/** The app's own word on an upgrade: `shouldUpgradeCallback` of its server, whose default asks whether there is a listener. */
function isWanted(app: ServedApp, request: IncomingMessage): boolean {
  const { server } = app
  if (!server || !takesUpgrades(app)) return takesUpgrades(app)
  const { shouldUpgradeCallback: ask } = server.server as {
    shouldUpgradeCallback?: (request: IncomingMessage) => unknown
  }
  return typeof ask !== 'function' || Boolean(ask.call(server.server, request))
}

function takesUpgrades({ upgrade, server }: ServedApp): boolean {
  return server ? server.has('upgrade') : upgrade !== undefined
}
