import { AsyncLocalStorage } from 'node:async_hooks'
import type { Server } from 'node:http'
import { type AddressInfo, Server as NetServer } from 'node:net'
import type { LaunchError } from '../../errors/launch-error.ts'
import { reportUncaught } from '../../errors/report-uncaught.ts'
import type { AppPort } from '../../plan/launch-plan.ts'
import type { BoundAddress } from '../../platform/net/address/bound-address.ts'
import { hostInUrl } from '../../platform/net/address/host-in-url.ts'
import { http } from '../../platform/node/node-http.ts'
import { isOwnServer } from '../../platform/node/own-servers.ts'
import { refuseOwnTls } from '../contract/own-tls.ts'
import { howToAllow, isAppPort } from './app-ports.ts'
import {
  type AskedListen,
  describeAsked,
  describeListen,
  type ListenCall,
  listenOptions,
  readListenCall,
} from './asked-listen.ts'
import { CapturedServer } from './captured-server.ts'
import { LateServers } from './late-servers.ts'
import { isAppInstead, listensBeside } from './listens-beside.ts'
import type { PassingServer } from './look-for-port.ts'
import { refuseForks } from './refuse-forks.ts'

/** What looks at the calls of `listen()` in the process that serves an app. */
export interface ListenWatch {
  /** Resolves with the first HTTP server of the app that listens. */
  readonly captured: Promise<CapturedServer>
  /** Rejects with a `LaunchError` for a server that listens while the app boots, and can't be served. */
  readonly refused: Promise<never>
  /** The captured server, as far as it is known by now. */
  current(): CapturedServer | null
  /** Runs the app's code, so that its servers are known from those of the program around it. */
  run<Result>(code: () => Result): Result
  /** The servers of TCP, other than HTTP servers, that are open while the app boots, for messages. */
  open(): readonly { readonly port: number | null; readonly text: string }[]
  /** The app is there, by this export or by its captured server. Throws a `LaunchError` when it listens elsewhere too. */
  endBoot(exported: unknown, brought: Server | null): void
  /** Calls back with each later server that is refused, also with those that came before. */
  onRefused(refused: (error: LaunchError) => void): void
  /** The launcher accepts connections at these addresses. */
  opened(addresses: readonly BoundAddress[]): void
  /** The same, before the listeners of the app are called. */
  opening(): void
  /** Calls back once, when the app closes a server that has listened since its boot. */
  onAppCloses(called: () => void): void
  /** The launcher serves no more. */
  ended(): void
  /** Nothing more is intercepted. */
  stop(): void
}

/**
 * Lets a server of the app listen at a port that is bound elsewhere, by `listen` of Node. Returns false for one that is to bind it itself.
 */
export type OpenAppPort = (
  server: NetServer,
  call: ListenCall,
  listen: typeof NetServer.prototype.listen,
) => boolean

/**
 * Captures the first HTTP server that the app lets listen, and refuses any other server of TCP that the plan does not name. This patches
 * `listen()` of `net.Server`, from which all servers of Node inherit it: Node has no public way to be asked before a server binds. Look at
 * this when one of Node's servers no longer inherits `listen()`.
 */
export function interceptListen({
  where,
  ports,
  servedPorts = [],
  openAppPort = null,
  openProbe = null,
  isShared,
}: {
  /** The app's file, for messages. */
  where: string
  /** Where the app may listen by itself. */
  ports: readonly AppPort[]
  /** Where the user has said that the app is served. A server that asks for one of them is the app. */
  servedPorts?: readonly number[]
  /** `null`: the app binds these ports itself. */
  openAppPort?: OpenAppPort | null
  /** Opens what looks for a free port while the app boots; `null`: Node does. */
  openProbe?: OpenAppPort | null
  /** The process is that of a program which may have servers of its own. They are left alone. */
  isShared: boolean
}): ListenWatch {
  const original = NetServer.prototype.listen
  const inside = isShared ? new AsyncLocalStorage<true>() : null
  const found = Promise.withResolvers<CapturedServer>()
  const failed = Promise.withResolvers<never>()
  // It may be refused before anything waits for it.
  failed.promise.catch(() => undefined)
  /** Other servers that bind while the app boots: many programs look for a free port that way, and close it at once. */
  const passing: PassingServer[] = []
  const refusals: LaunchError[] = []
  let tell: ((error: LaunchError) => void) | null = null
  let captured: CapturedServer | null = null
  let exported: unknown
  let brought: Server | null = null
  let isBooting = true

  const refuseNow = (error: unknown): void => {
    if (isBooting) failed.reject(error)
    else if (tell) tell(error as LaunchError)
    else refusals.push(error as LaunchError)
  }
  const refuse = (server: NetServer, error: unknown): void => {
    refuseNow(error)
    if (isBooting) return
    showPlace(error as Error, patched)
    // As Node reports that an address can't be had.
    process.nextTick(() => server.emit('error', error))
  }
  const late = new LateServers({ where, refuse })
  const beside = (server: NetServer, asked: AskedListen): LaunchError =>
    listensBeside(asked, {
      where,
      captured: captured?.asked ?? null,
      servedPorts,
      isHttp: server instanceof http.Server,
    })
  const endIfOpen = (server: NetServer, asked: AskedListen): void => {
    if (!server.listening) return
    server.close()
    refuse(server, beside(server, asked))
  }
  const capture = (taken: CapturedServer): void => {
    captured = taken
    found.resolve(taken)
  }
  const judge = (server: Server, call: ListenCall): void => {
    const early = new CapturedServer(server, call, servedPorts[0])
    // Loaded for such a program alone.
    void import('./look-for-port.ts').then(({ judgeLooker }) =>
      judgeLooker(early, call, {
        answered,
        passing,
        passingMs,
        isUndecided: () => isBooting && !captured,
        capture,
        decide: (later) => void take(server, later),
        open() {
          const { asked, callback, signal } = call
          const options = { ...listenOptions(asked), ...(signal && { signal }) }
          if (!openProbe?.(server, call, original))
            Reflect.apply(original, server, [options, ...(callback ? [callback] : [])])
        },
      }),
    )
  }
  /** Returns false for a server that is left to Node. */
  const take = (server: NetServer, call: ListenCall): boolean => {
    const { asked } = call
    if (isAppPort(asked.address, ports)) return openAppPort?.(server, call, original) ?? false
    try {
      if (asked.address.kind === 'tcp' || !captured)
        refuseOwnTls(server, { where, does: 'lets listen', otherwise: besideServed(asked, captured?.asked) })
    } catch (error) {
      refuse(server, error)
      return true
    }
    if (server instanceof http.Server && isBooting && !captured) {
      if (asked.address.kind === 'tcp' && mayLookForPort(server as Server)) judge(server as Server, call)
      else capture(new CapturedServer(server as Server, call, servedPorts[0]))
      return true
    }
    // A file of the app's own can be reached only by those that may open it.
    if (asked.address.kind === 'unix' || asked.address.kind === 'pipe') return false
    if (isBooting && !(server instanceof http.Server)) {
      passing.push({ server, asked })
      server.once('listening', () => setTimeout(() => endIfOpen(server, asked), passingMs).unref())
      return openProbe?.(server, call, original) ?? false
    }
    if (
      server instanceof http.Server &&
      late.join(server as Server, { call, served: { captured, exported, brought } })
    )
      return true
    const error = beside(server, asked)
    refuse(server, error)
    // What is served is another server: an app that goes on after its error must not leave that one where its users come.
    if (!isBooting && captured && isAppInstead(asked, { captured: captured.asked, servedPorts }))
      setImmediate(() => reportUncaught(error))
    return true
  }
  const patched = function (this: NetServer, ...args: unknown[]): NetServer {
    if (isOwnServer(this) || (inside !== null && inside.getStore() !== true))
      return Reflect.apply(original, this, args)
    if (captured?.server === this) throw alreadyListens()
    const call = readListenCall(args)
    return call && take(this, call) ? this : Reflect.apply(original, this, args)
  } as typeof original
  NetServer.prototype.listen = patched
  const forks = isShared ? null : refuseForks((error) => refuseNow(error))

  return {
    captured: found.promise,
    refused: failed.promise,
    current: () => captured,
    run: (code) => (inside ? inside.run(true, code) : code()),
    open: () =>
      passing.flatMap(({ server, asked }) =>
        server.listening
          ? [{ port: (server.address() as AddressInfo | null)?.port ?? null, text: describeListen(asked) }]
          : [],
      ),
    endBoot(given, server) {
      exported = given
      brought = server
      late.serves(server)
      isBooting = false
      for (const { server, asked } of passing) {
        if (!server.listening) continue
        server.close()
        throw beside(server, asked)
      }
    },
    onRefused(refused) {
      tell = refused
      for (const error of refusals.splice(0)) refused(error)
    },
    opening: () => late.opening(),
    opened: (addresses) => late.opened(addresses),
    onAppCloses: (called) => late.onAppCloses(called),
    ended: () => late.ended(),
    stop() {
      // Something else has patched it since, and calls this one: it then only passes calls on.
      if (NetServer.prototype.listen === patched) NetServer.prototype.listen = original
      forks?.[Symbol.dispose]()
      inside?.disable()
    },
  }
}

/** Where a server can't be served, the app may still have it beside another one. */
function besideServed({ address }: AskedListen, first: AskedListen | undefined): string | null {
  if (address.kind !== 'tcp') return null
  const redirect =
    first?.address.kind === 'tcp' && first.address.port > 0
      ? ` If the server at ${describeAsked(first.address)} only redirects to HTTPS, leave it out: --tls-redirect ${first.address.host === null ? '' : hostInUrl(first.address.host)}:${first.address.port} does it.`
      : ''
  return `To let the app open ${describeAsked(address)} by itself, beside another server that is served, ${howToAllow(address)}.${redirect}`
}

/** The events that an app answers. */
const answered: readonly string[] = ['request', 'upgrade', 'connect', 'checkContinue', 'checkExpectation']

/** Whether a server may only look for a free port: it answers nothing, and wants to know of an error. */
function mayLookForPort(server: Server): boolean {
  return server.listenerCount('error') > 0 && answered.every((event) => server.listenerCount(event) === 0)
}

/** What a program may take to close a server by which it looks for a free port. */
const passingMs = 1_000

/** Shows where the app has called `listen()`, and each text once, when nothing catches the error. */
function showPlace(error: Error, listen: NetServer['listen']): void {
  Error.captureStackTrace(error, listen)
  for (const name of ['faults', 'source', 'exitCode'])
    if (name in error) Object.defineProperty(error, name, { enumerable: false })
}

/** Node's own error, which has no public constructor. */
function alreadyListens(): Error {
  return Object.assign(new Error('Listen method has been called more than once without closing.'), {
    code: 'ERR_SERVER_ALREADY_LISTEN',
  })
}
