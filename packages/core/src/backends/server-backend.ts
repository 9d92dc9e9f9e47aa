import type { StopSignal } from '../app/app-signals.ts'
import type { ListenOfApp } from '../app/listen/address-of-app.ts'
import type { LaunchError } from '../errors/launch-error.ts'
import type { Logger } from '../log/logger.ts'
import type { BackendSupport } from '../plan/backend-support.ts'
import type { LaunchPlan, PlannedApp } from '../plan/launch-plan.ts'
import type { OptionSupport } from '../plan/option-support.ts'
import type { AcceptWatch } from '../platform/net/accept-watch.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import type { WorkerOutput, WorkerOutputListener } from '../platform/process/worker-output.ts'
import type { ServedCounts } from '../serve/served-counts.ts'
import type { RefusalReport } from '../serve/tls/refusal-reports.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'

/**
 * The version of this interface. It rises when a backend that was written for it would no longer work, and docs/writing-a-backend.md then
 * says what changed.
 */
export type BackendApiVersion = 1

/**
 * What supervises a server. Implementations are plain objects; docs/writing-a-backend.md says how to write one.
 *
 * What the launcher promises to `start()`: the plan is complete, checked and frozen; every option that a user set is one that
 * `support` calls honoured; nothing was bound before; it is called once, and not again before the server that it returned has
 * stopped.
 */
export interface ServerBackend {
  /** The version of this interface that it was written for; unset: 1. Use `defineBackend()`, which requires it. */
  readonly apiVersion?: BackendApiVersion
  /** Lower-case; shown in the banner and in messages. */
  readonly name: string
  /** What it can run. Default: apps of Node, by their module or in memory. */
  readonly runs?: readonly PlannedApp['kind'][]
  /** What the conformance suite expects of every backend, and this one does not do. The suite then checks the opposite. Default: nothing. */
  readonly lacks?: readonly BackendFeature[]
  /** How it honours each option, or why it refuses it. An option without an answer is refused. */
  readonly support: BackendSupport
  /**
   * Starts the app and resolves once every worker can serve and every address of the plan is bound. When it rejects (with a
   * `LaunchError` if the reason is known), nothing is bound and no process is left.
   */
  start(plan: LaunchPlan, host: BackendHost): Promise<RunningServer>
}

/**
 * `processes`: each worker is a process of its own. Without it, all are threads of one process, which `workers()` shows for each.
 * `revival`: a worker that dies is replaced. Without it, the whole server ends, and `stopped` settles with the error.
 * `accept-watch`: it has `watchAccepts()`. Without it, a program that shares its port is not noticed.
 * `client-certificates`: the app sees that a client has shown a trusted certificate. Without it, the server still demands one, and each
 * client looks to the app like one without.
 */
export type BackendFeature = 'processes' | 'revival' | 'accept-watch' | 'client-certificates'

/** A backend of this project: the compiler requires an answer for every option. */
export interface TotalBackend extends ServerBackend {
  readonly support: OptionSupport
}

/** What the launcher lends to a backend. */
export interface BackendHost {
  /** The app itself when `plan.app.kind` is `memory`. */
  readonly app: unknown
  readonly log: Logger
  emit(event: WorkerEvent): void
  /**
   * Looks from outside at addresses through which one worker alone is reached, and rejects with a `LaunchError` for what differs from
   * the plan with that TLS snapshot. For a worker that takes the place of another one; the first ones are looked at by the launcher.
   * Resolves at once when `verify` is off.
   */
  verify(addresses: readonly BoundAddress[], tls: PlannedTls | null): Promise<void>
  /** Gets what processes that serve would write to the streams of this one; unset, they write there. */
  readonly onWorkerOutput?: WorkerOutputListener
  /** Aborted when the launch is given up: `start()` then cleans up and rejects. */
  readonly signal: AbortSignal
  /** This process belongs to the launcher, as under the command line, and not to a program that calls `launch()`. */
  readonly ownsProcess: boolean
}

export type { AcceptWatch, WorkerOutput, WorkerOutputListener }

export interface RunningServer {
  /** The real addresses: port 0 and names are resolved. */
  readonly addresses: readonly BoundAddress[]
  /**
   * Where the app itself asks to be served, by `listen()` or beside `fetch`. It then counts instead of the addresses of the plan. Left out when it
   * asks for nothing. `inProcessServer()` returns it for a plan of `planOfApp()`.
   */
  readonly ofApp?: ListenOfApp
  /** Those of `plan.https.redirect`, in the same order; left out when there are none. */
  readonly redirects?: readonly BoundAddress[]
  /** The processes that serve, as they are now. */
  workers(): readonly WorkerStatus[]
  /**
   * Sees which TCP connections its processes accept. This lets the launcher distinguish this server from another program which gets the
   * connections to the same address. The launcher connects once it has the watch: with several processes, resolve when each of them remembers
   * what it accepts. Called for one watch at a time. Left out by a backend that can't see them; then that is not checked.
   */
  watchAccepts?(): AcceptWatch | Promise<AcceptWatch>
  /**
   * Puts a whole new TLS snapshot to use for new connections, in every worker or in none: it resolves once each has
   * acknowledged, and when it rejects, all of them serve the old one. Workers that start later start with the new one. Open
   * connections are not touched. Called only when the plan has TLS, one call at a time, and not during `stop()`; a `stop()` that
   * comes during it goes first.
   */
  applyTls(tls: PlannedTls): Promise<void>
  /**
   * The launch is announced. Until then a backend replaces no process that ends by itself: `stopped` settles with why it ended, and the
   * launch fails with that.
   */
  announced?(): void
  /**
   * The first exception of a listener of the app's server for `listening` or for connections; such a connection was closed. Or the first other
   * server of the app that was refused since the app was loaded. A launch that finds one before it is announced fails with it. Left out by a
   * backend that runs no app.
   */
  listenerFailure?(): LaunchError | null
  /**
   * Opens the access log and the key log again in every process. Rejects with a `LaunchError` that names each process that could not.
   * Left out by a backend that has neither.
   */
  reopenLogs?(): Promise<void>
  /** Makes every process report that the server is not ready (`health.ready`). It keeps serving everything else. `stop()` does that too. */
  announceStop?(): void
  /**
   * Says that the server is not ready, serves on for the plan's drain delay, stops accepting, lets requests in flight end within
   * the plan's graceful timeout, then ends what is left. A more urgent call takes effect during an earlier one. Always settles; may
   * be called again. `signal` is what the app's own listeners in processes of the backend
   * are called with, after the drain: SIGTERM if unset. The launcher calls those in its own process.
   */
  stop(options?: { readonly urgency?: StopUrgency; readonly signal?: StopSignal }): Promise<void>
  /** What a backend that has more than one process can do with them. Left out where there is none. */
  readonly supervisor?: Supervisor
  /** Settles when the server has stopped, by `stop()` or by itself; in the latter case with the reason. */
  readonly stopped: Promise<{ readonly error?: Error }>
}

/**
 * `graceful` waits for the requests in flight. `hurry` cuts every connection, but lets the app close what it holds, for a second.
 * `kill` ends every process at once.
 */
export type StopUrgency = 'graceful' | 'hurry' | 'kill'

/** Changes of the processes that serve. Calls may overlap: they take effect one after the other. All reject when a stop comes first. */
export interface Supervisor {
  /**
   * Replaces every worker, which also loads the app again. An old worker drains only after its replacement is ready and has passed an
   * external check. Rejects with the error of a new worker that fails; then the old worker keeps serving, unless `reload.mode` is `restart`.
   */
  replaceWorkers(): Promise<ReplacedWorkers>
  /** Resolves once that many workers are ready, or those that are too many drain. From 1. */
  scale(workers: number): Promise<void>
  /** As `replaceWorkers()`, for one place. Rejects with a `RangeError` when there is no such place. */
  restart(worker: number): Promise<void>
  /** What each worker executes right now. */
  stacks(): Promise<readonly WorkerStack[]>
  /** How many workers there should be. */
  readonly wanted: number
  /** The places whose workers have failed so often in a row that the server counts as degraded. */
  failing(): readonly FailingPlace[]
}

export interface ReplacedWorkers {
  /** How many workers were replaced. */
  readonly workers: number
}

export interface WorkerStack {
  readonly worker: number
  readonly pid: number
  /** Innermost call first; empty when the event loop waits; `null` when the worker did not answer in time. */
  readonly frames: readonly string[] | null
}

export interface FailingPlace {
  readonly worker: number
  /** How many workers in a row failed there. */
  readonly failures: number
  /** Why the last one did. */
  readonly reason: string
}

/** Why a worker is replaced although it serves well. */
export type ReplacementCause = 'reload' | 'restart' | 'requests' | 'lifetime' | 'memory' | 'descriptors'

export interface WorkerStatus {
  /** From 1. A replacement has the number of the worker that it replaces. */
  readonly id: number
  readonly pid: number
  readonly state: 'booting' | 'ready' | 'draining'
  readonly startedAt: Date
  /** How often this place was refilled. */
  readonly restarts: number
  /** Its share so far, as it was last heard; left out by a backend that does not count. */
  readonly served?: ServedCounts
}

export type WorkerEvent =
  | { readonly type: 'worker:ready'; readonly worker: number; readonly pid: number; readonly app: string }
  | {
      readonly type: 'worker:exited'
      readonly worker: number
      readonly pid: number
      readonly code: number | null
      readonly signal: string | null
      readonly expected: boolean
    }
  | { readonly type: 'worker:restarting'; readonly worker: number; readonly delayMs: number }
  /** Its event loop was silent for too long. It is killed next. */
  | {
      readonly type: 'worker:blocked'
      readonly worker: number
      readonly pid: number
      readonly silentMs: number
      /** What it was executing, innermost call first; `null` when that could not be seen. */
      readonly stack: readonly string[] | null
    }
  /** It has reached one of its limits, and is replaced by another one. */
  | {
      readonly type: 'worker:recycling'
      readonly worker: number
      readonly pid: number
      readonly cause: ReplacementCause
    }
  /** A new worker serves instead of an old one, which drains. */
  | {
      readonly type: 'worker:replaced'
      readonly worker: number
      readonly pid: number
      readonly before: number | null
      readonly cause: ReplacementCause
    }
  /** A client was refused for its certificate, which `tls.clientAuth` requires. Each process reports at most ten per second. */
  | ({ readonly type: 'client:refused'; readonly worker: number; readonly pid: number } & RefusalReport)
  | { readonly type: 'scaled'; readonly from: number; readonly to: number }
  /** A place has used up its budget of failures in a row. The others serve on, and it is tried again and again. */
  | {
      readonly type: 'worker:failing'
      readonly worker: number
      readonly failures: number
      readonly reason: string
    }
  /** The worker of such a place has served for a while. */
  | { readonly type: 'worker:recovered'; readonly worker: number }
  /** Its app sent a message by `process.send()`. */
  | {
      readonly type: 'message:received'
      readonly worker: number
      readonly pid: number
      /** Whatever JSON can express: it comes from the app and was not looked at. */
      readonly message: unknown
    }
