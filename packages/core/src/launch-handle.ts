import type { WorkerStatus } from './backends/server-backend.ts'
import type { LaunchEvent, LaunchEventOf, LaunchEventType } from './events/launch-event.ts'
import type { LifecycleState } from './lifecycle/lifecycle.ts'
import type { BoundAddress } from './plan/bound-address.ts'
import type { ReloadCause, ReloadResult, ReloadStatus } from './reload/reload-result.ts'
import type { LeafFacts } from './tls/planned-tls.ts'
import type { Verification } from './verify/verification.ts'

/** A server that runs. */
export interface LaunchHandle extends AsyncDisposable {
  /** Where a person reaches it; the first of `urls`, or `null` when only UNIX domain sockets are bound. */
  readonly url: string | null
  readonly urls: readonly string[]
  readonly addresses: readonly BoundAddress[]
  /** Where plain HTTP is sent on to HTTPS. */
  readonly redirects: readonly BoundAddress[]
  /** What the probes saw last: before the launch resolved, or after a reload. `null` when `verify` is off. */
  readonly verification: Verification | null
  /** The processes that serve, as they are now. */
  readonly workers: readonly WorkerStatus[]
  status(): LaunchStatus
  /**
   * Reads all sources again and puts what has changed of TLS to use, for new connections, in every worker or in none. Checks as
   * at the start and looks again from outside. Rejects with a `LaunchError` that has every fault, and then what was served before
   * is served on; so it does when an option has changed that takes effect at a start only. Calls during a reload share one more.
   */
  reload(options?: { readonly cause?: ReloadCause }): Promise<ReloadResult>
  /**
   * Stops gracefully; with `force`, at once, also during a graceful stop. Always settles, and may be called again.
   * `Symbol.asyncDispose` does the same without `force`.
   */
  stop(options?: { readonly force?: boolean }): Promise<void>
  /** Settles when the server has stopped, for whatever reason. */
  readonly stopped: Promise<{ readonly error: Error | null }>
  /** Listens to one type of event. Gives the function that takes the listener off again. */
  on<Type extends LaunchEventType>(type: Type, listener: (event: LaunchEventOf<Type>) => void): () => void
}

export interface LaunchStatus {
  readonly state: LifecycleState
  readonly name: string | null
  readonly backend: string
  /** Why this backend. */
  readonly reason: string
  readonly pid: number
  readonly urls: readonly string[]
  readonly workers: readonly WorkerStatus[]
  readonly startedAt: Date
  /** The certificate that is served; `null` for plain HTTP. */
  readonly certificate: LeafFacts | null
  /** The certificates among all that are served which run out soon (`tls.expiryWarningDays`), or have. */
  readonly expiring: readonly LeafFacts[]
  readonly reload: ReloadStatus
}

export type LaunchEventListener = (event: LaunchEvent) => void
