import type { FailingPlace, WorkerStack, WorkerStatus } from '../backends/server-backend.ts'
import type { LaunchEvent, LaunchEventOf, LaunchEventType } from '../events/launch-event.ts'
import type { LifecycleState } from '../lifecycle/lifecycle.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import type { ReloadCause, ReloadResult, ReloadScope, ReloadStatus } from '../reload/reload-result.ts'
import type { EndingFacts, LeafFacts } from '../tls/planned-tls.ts'
import type { Verification } from '../verify/verification.ts'
import type { StopOptions } from './stop-by-urgency.ts'

/**
 * A server that runs.
 *
 * @example
 * ```ts
 * import { launch } from 'lockstep'
 *
 * await using server = await launch({ app: './app.js', workers: 2 })
 * server.on('worker:exited', ({ worker, expected }) => console.log(worker, expected))
 * await server.scale('+1')
 * const { changed, replaced } = await server.reload()
 * console.log(changed, replaced, server.status().state)
 * ```
 */
export interface LaunchHandle extends AsyncDisposable {
  /**
   * Where a person reaches it: the first of `urls`. A server that is bound to UNIX domain sockets or named pipes alone has no URL; then
   * this is the first address as `bind` takes it, such as `unix:/run/app.sock`.
   */
  readonly url: string
  /** The port of the first TCP address, with port 0 resolved; `null` when only UNIX domain sockets or named pipes are bound. */
  readonly port: number | null
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
   * Reads all sources again and puts what has changed of TLS to use, for new connections, in every worker or in none; then, unless
   * the scope is `tls`, replaces the workers one after the other, so that the app is reloaded. Checks as at the start and looks
   * again from outside. Calls during a reload share one more.
   *
   * @throws {LaunchError} With every fault, also when an option has changed that takes effect only at a start. What was served before
   * is then still served.
   */
  reload(options?: { readonly cause?: ReloadCause; readonly scope?: ReloadScope }): Promise<ReloadResult>
  /**
   * Changes how many workers serve: to a number, or by one such as `+1` or `-2`. Resolves with the new number once new ones are
   * ready.
   *
   * @throws {LaunchError} `LOCKSTEP_ERR_SCALE_REFUSED`, or the error of a new worker that fails: then none of the new workers stays.
   */
  scale(workers: number | `+${number}` | `-${number}`): Promise<number>
  /**
   * Replaces one worker, the new one first.
   *
   * @throws {LaunchError} The old worker then still serves.
   */
  restart(worker: number): Promise<void>
  /**
   * What each worker executes right now, also one that blocks.
   *
   * @throws {LaunchError} `LOCKSTEP_ERR_NO_WORKERS` under a backend that has none.
   */
  stacks(): Promise<readonly WorkerStack[]>
  /**
   * Opens the access log and the key log again in every process, for a log rotation that renames them: afterwards each line goes to
   * a file at the configured path, and no line is lost.
   *
   * @throws {LaunchError} When a process can't open one. It then goes on writing to the file that it has open.
   */
  reopenLogs(): Promise<ReopenedLogs>
  /**
   * Stops with an urgency. `graceful`, the default, waits for the requests in flight. `hurry` cuts connections, and the app has a second to
   * close what it holds. `kill` ends what is left. Always settles, and may be called again: only a more urgent call changes something.
   * The older form `force: true` means `hurry`, and `kill` when it is called again. `Symbol.asyncDispose` stops gracefully.
   */
  stop(options?: StopOptions): Promise<void>
  /**
   * What a signal or a verb means by stop: the first one drains, the second hurries, every further one kills (docs/lifecycle.md). Settles
   * when the server has stopped. The app's own listeners for the first `signal` are called after the drain, where the launcher owns
   * the process of the app.
   */
  escalateStop(options?: { readonly signal?: NodeJS.Signals }): Promise<void>
  /** Settles when the server has stopped, for whatever reason. */
  readonly stopped: Promise<{ readonly error: Error | null }>
  /** Listens to one type of event. Returns a function that removes the listener. */
  on<Type extends LaunchEventType>(type: Type, listener: (event: LaunchEventOf<Type>) => void): () => void
  /** Listens to the next event of one type. Returns the function that removes the listener before that. */
  once<Type extends LaunchEventType>(type: Type, listener: (event: LaunchEventOf<Type>) => void): () => void
  /** All events from now on, for a `for await` loop. It ends after `stopped`. Events wait in memory for a slow loop. */
  events(): AsyncIterableIterator<LaunchEvent>
}

/** What a server says of itself. */
export interface LaunchStatus {
  readonly state: LifecycleState
  readonly name: string | null
  readonly backend: string
  /** Why this backend. */
  readonly reason: string
  /** Where the address comes from when the app listens by itself: `the app: listen(8080)`; `null`: from the options. */
  readonly listen: string | null
  readonly pid: number
  /** The process ends with the server, as under `lockstep run`. A program that has called `launch()` goes on. */
  readonly ownsProcess: boolean
  readonly urls: readonly string[]
  /** Every process that serves, boots or drains. While one is replaced, two of them have the same number. */
  readonly workers: readonly WorkerStatus[]
  /** How many workers there should be. */
  readonly wanted: number
  /** Places that fail again and again: while there are any, the server is degraded, and what is healthy serves on. */
  readonly failing: readonly FailingPlace[]
  readonly startedAt: Date
  /** The certificate that is served; `null` for plain HTTP. */
  readonly certificate: LeafFacts | null
  /** The certificates and revocation lists in use that end soon (`tls.expiryWarningDays`), or have. */
  readonly expiring: readonly EndingFacts[]
  readonly reload: ReloadStatus
}

/** What came of opening the logs again. */
export interface ReopenedLogs {
  /** The paths that were opened again. Empty when the server writes no log to a file. */
  readonly files: readonly string[]
  /** How many processes write to them. */
  readonly processes: number
  /** How many of them drain: they were replaced, and write until their last response. */
  readonly draining: number
}

/** Is called with each event. What it throws is an uncaught exception of your program. */
export type LaunchEventListener = (event: LaunchEvent) => void
