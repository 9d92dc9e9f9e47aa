import type { StopSignal } from '../app/app-signals.ts'
import { crashOf } from '../app/crash.ts'
import { listenOfApp } from '../app/listen/address-of-app.ts'
import type { ServedApp } from '../app/served-app.ts'
import type { LaunchError } from '../errors/launch-error.ts'
import { reportUncaught } from '../errors/report-uncaught.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { honoured, nameSupport, type OptionSupport, oneProcessSupport } from '../plan/option-support.ts'
import { watchAccepts } from '../platform/net/accept-watch.ts'
import { closeAfterQueue } from '../platform/net/close-after-queue.ts'
import { closeListeners, type Listener } from '../platform/net/listener.ts'
import { showTitle } from '../platform/process/process-title.ts'
import type { AppServer } from '../serve/app-server.ts'
import type { ServedCounts } from '../serve/served-counts.ts'
import { closedBeforeAnnouncement } from './closed-before-announcement.ts'
import { DrainDelay } from './drain-delay.ts'
import type { BackendHost, RunningServer, StopUrgency, Supervisor, WorkerStatus } from './server-backend.ts'

/** Time that the app has to close what it holds when a stop hurries. */
const hurryMs = 1_000

/** The answers of a backend that returns an `inProcessServer()`. */
export const inProcessSupport = {
  ...oneProcessSupport,
  name: nameSupport('the title of this process'),
  'timeouts.drainDelay': honoured('it serves on, and says that it is not ready'),
  'timeouts.graceful': honoured('deadline of the drain'),
} as const satisfies Partial<OptionSupport>

/** What serves already: the app is loaded, and its server gets the connections of the listeners. */
export interface InProcessParts {
  /** With the address of the app: that of `planOfApp()`. */
  readonly plan: LaunchPlan
  readonly host: Pick<BackendHost, 'emit' | 'log'>
  readonly app: ServedApp
  readonly server: AppServer
  readonly listeners: readonly Listener[]
  /** The listeners of `tls.redirect`. */
  readonly redirects: readonly Listener[]
  /** When the backend began to start it. Unset, now. */
  readonly startedAt?: Date
  /** Resolves when the process can't go on serving, with the reason. */
  readonly crashed?: Promise<Error>
  /** The launch is announced. */
  readonly onAnnounced?: () => void
  /** Called once, when nothing is served any more. `isDraining` is false when it was killed before it drained. */
  readonly onStopped?: (end: { readonly isDraining: boolean }) => void
  /** The processes that answer the requests, where this one only passes them on. They report their own events. */
  readonly behind?: ProcessesBehind
}

/** Processes behind a server that passes requests on: instances of a program. */
export interface ProcessesBehind {
  workers(): readonly WorkerStatus[]
  readonly supervisor: Supervisor
  /** A stop has begun: the server serves on for now, and then drains. */
  beginStop(): void
  /** Settles when no process is left. Called when the server has drained, or earlier with another urgency than `graceful`. May be called again. */
  stop(options: {
    readonly urgency: StopUrgency
    readonly signal: StopSignal
    /** What is left of `timeouts.graceful`. */
    readonly gracefulMs: number
  }): Promise<void>
}

/**
 * The server of a backend that serves in the process of the launcher, from the moment when it serves: its stop with all urgencies, its
 * reload of TLS, its status. Emits `worker:ready`, and shows the name of the server as the title of the process.
 *
 * @example
 * ```ts
 * import { createAppServer, inProcessServer, listenForRedirects, listenOnAll, loadApp, planOfApp, type ServerBackend } from 'lockstep/backend'
 *
 * export const start: ServerBackend['start'] = async (asked, host) => {
 *   const { bootMs } = asked.timeouts
 *   const isShared = !host.ownsProcess
 *   const app = await loadApp(asked.app, { inMemory: host.app, bootMs, signal: host.signal, isShared })
 *   const plan = planOfApp(asked, app)
 *   const server = createAppServer({ plan, app, log: host.log, worker: null })
 *   const { accept, redirect } = server
 *   const binding = { backlog: plan.backlog, pauseOnConnect: false }
 *   const listeners = await listenOnAll(plan.addresses, { ...binding, onConnection: accept })
 *   const redirects = await listenForRedirects(plan, { ...binding, beside: listeners, onConnection: redirect })
 *   return inProcessServer({ plan, host, app, server, listeners, redirects })
 * }
 * ```
 */
export function inProcessServer({
  plan,
  host,
  app,
  server,
  listeners,
  redirects,
  startedAt = new Date(),
  crashed,
  onAnnounced,
  onStopped,
  behind,
}: InProcessParts): RunningServer {
  const bound = [...listeners, ...redirects]
  let listenerFailure: LaunchError | null = null
  let isAnnounced = false
  app.server?.onListenerFailed((error, { isStart }) => {
    listenerFailure ??= crashOf(error)
    // Before that, the launch fails.
    if (isAnnounced && isStart) reportUncaught(error)
  })
  app.listening?.onRefused((error) => {
    listenerFailure ??= error
  })
  /** Connections of the launcher itself. */
  let probes = 0
  const withoutProbes = (counts: ServedCounts): ServedCounts => ({
    ...counts,
    connections: Math.max(0, counts.connections - probes),
  })
  const title = plan.name === null ? null : showTitle(plan.name)
  if (!behind) host.emit({ type: 'worker:ready', worker: 1, pid: process.pid, app: app.kind })

  let state: 'ready' | 'draining' | 'gone' = 'ready'
  const stopped = Promise.withResolvers<{ error?: Error }>()
  const gone = Promise.withResolvers<void>()
  void crashed?.then((error) => stopped.resolve({ error }))
  const delay = new DrainDelay(plan.timeouts.drainDelayMs)
  let isHurried = false
  let isEnding = false
  const finish = (): void => {
    if (state === 'gone') return
    title?.[Symbol.dispose]()
    onStopped?.({ isDraining: state === 'draining' })
    state = 'gone'
    stopped.resolve({})
    gone.resolve()
  }
  const end = async (signal: StopSignal): Promise<void> => {
    if (!delay.isOver) await delay.wait()
    state = 'draining'
    const deadline = performance.now() + plan.timeouts.gracefulMs
    // What waits in the queues of the listeners is accepted and served. After that, nothing more comes.
    const lastTaken = closeAfterQueue(bound)
    await server.drain({ deadlineMs: isHurried ? 0 : plan.timeouts.gracefulMs, lastTaken })
    const gracefulMs = Math.max(0, deadline - performance.now())
    await behind?.stop({ urgency: isHurried ? 'hurry' : 'graceful', signal, gracefulMs })
    finish()
  }
  const running: RunningServer = {
    addresses: listeners.map(({ address }) => address),
    ...(app.asked && { ofApp: listenOfApp(plan, app.asked) }),
    redirects: redirects.map(({ address }) => address),
    ...(behind && { supervisor: behind.supervisor }),
    workers: () =>
      state === 'gone'
        ? []
        : behind
          ? behind.workers()
          : [
              {
                id: 1,
                pid: process.pid,
                state,
                startedAt,
                restarts: 0,
                served: withoutProbes(server.counts()),
              },
            ],
    stopped: stopped.promise,
    watchAccepts() {
      const watch = watchAccepts(bound)
      return {
        async accepted(connections) {
          const accepted = await watch.accepted(connections)
          probes += accepted.size
          return accepted
        },
        [Symbol.dispose]: () => watch[Symbol.dispose](),
      }
    },
    async applyTls(tls) {
      server.prepareTls(tls).commit()
    },
    announced() {
      isAnnounced = true
      onAnnounced?.()
    },
    listenerFailure: () => listenerFailure,
    reopenLogs: () => server.reopenLogs(),
    announceStop: () => server.announceStop(),
    async stop({ urgency = 'graceful', signal = 'SIGTERM' } = {}) {
      server.announceStop()
      behind?.beginStop()
      if (urgency !== 'graceful') {
        isHurried = true
        delay.skip()
        server.cut()
      }
      if (!isEnding) {
        isEnding = true
        void end(signal)
      }
      const ended = urgency === 'graceful' ? undefined : behind?.stop({ urgency, signal, gracefulMs: 0 })
      // An app that does not close what it holds has no more time, or none.
      const late =
        urgency === 'hurry' ? setTimeout(() => void Promise.resolve(ended).then(finish), hurryMs) : undefined
      if (urgency === 'kill') {
        closeListeners(bound)
        await ended
        finish()
      }
      // A crash settles `stopped` before the processes behind it have ended.
      await (behind ? gone.promise : stopped.promise)
      clearTimeout(late)
    },
  }
  // A program that closes its own server ends by that.
  const endWithApp = (): void => {
    if (!isEnding) host.log.warn('the app has closed its server')
    if (!isAnnounced) listenerFailure ??= closedBeforeAnnouncement(null)
    void running.stop()
  }
  for (const one of [app.server?.captured, app.listening]) one?.onAppCloses(endWithApp)
  return running
}
