import type { BoundAddress } from '../plan/bound-address.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { OptionSupport } from '../plan/option-support.ts'
import type { Logger } from '../platform/logger.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'

/**
 * Who supervises a server. Implementations are plain objects; docs/writing-a-backend.md says how to write one.
 *
 * What the launcher promises to `start()`: the plan is complete, checked and frozen; every option that a user set is one that
 * `support` calls honoured; nothing was bound before; it is called once, and not again before the server that it gave has
 * stopped.
 */
export interface ServerBackend {
  /** Lower-case; shown in the banner and in messages. */
  readonly name: string
  /** An answer for every option. */
  readonly support: OptionSupport
  /**
   * Starts the app and resolves once every worker can serve and every address of the plan is bound. When it rejects (with a
   * `LaunchError` if the reason is known), nothing is bound and no process is left.
   */
  start(plan: LaunchPlan, host: BackendHost): Promise<RunningServer>
}

/** What the launcher lends to a backend. */
export interface BackendHost {
  /** The app itself when `plan.app.kind` is `memory`. */
  readonly app: unknown
  readonly log: Logger
  emit(event: WorkerEvent): void
  /** Aborted when the launch is given up: `start()` then cleans up and rejects. */
  readonly signal: AbortSignal
}

export interface RunningServer {
  /** The real addresses: port 0 and names are resolved. */
  readonly addresses: readonly BoundAddress[]
  /** Those of `plan.https.redirect`, in the same order; left out when there are none. */
  readonly redirects?: readonly BoundAddress[]
  /** The processes that serve, as they are now. */
  workers(): readonly WorkerStatus[]
  /**
   * Puts a whole new TLS snapshot to use for new connections, in every worker or in none: it resolves once each has
   * acknowledged, and when it rejects, all of them serve the old one. Workers that start later start with the new one. Open
   * connections are not touched. Called only when the plan has TLS, one call at a time, and not during `stop()`; a `stop()` that
   * comes during it goes first.
   */
  reload(tls: PlannedTls): Promise<void>
  /**
   * Says that the server is not ready, serves on for the plan's drain delay, stops accepting, lets requests in flight end within
   * the plan's graceful timeout, then ends what is left. A call with `force` cuts at once, also during an earlier call. Always settles; may be called again.
   */
  stop(options?: { readonly force?: boolean }): Promise<void>
  /** Settles when the server has stopped, by `stop()` or by itself; in the latter case with the reason. */
  readonly stopped: Promise<{ readonly error?: Error }>
}

export interface WorkerStatus {
  /** From 1. A replacement has the number of the worker that it replaces. */
  readonly id: number
  readonly pid: number
  readonly state: 'booting' | 'ready' | 'draining'
  readonly startedAt: Date
  /** How often this place was filled anew. */
  readonly restarts: number
}

export type WorkerEvent =
  | { readonly type: 'worker:ready'; readonly worker: number; readonly pid: number; readonly app: string }
  | {
      readonly type: 'worker:exit'
      readonly worker: number
      readonly pid: number
      readonly code: number | null
      readonly signal: string | null
      readonly expected: boolean
    }
  | { readonly type: 'worker:restart'; readonly worker: number; readonly delayMs: number }
  | { readonly type: 'worker:hang'; readonly worker: number; readonly pid: number; readonly silentMs: number }
