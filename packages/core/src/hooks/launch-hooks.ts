import type { StopUrgency, WorkerEvent } from '../backends/server-backend.ts'
import type { PlannedAddress } from '../plan/launch-plan.ts'

/** What is known of a launch before it starts anything. */
export interface LaunchFacts {
  readonly name: string | null
  readonly backend: string
  readonly workers: number
  readonly scheme: 'http' | 'https'
  /** As they were asked for: port 0 is not resolved yet. */
  readonly addresses: readonly PlannedAddress[]
  /** Absolute path of the app's module; `null` for an app in memory. */
  readonly app: string | null
}

/** What `beforeStop` gets. */
export interface BeforeStop {
  readonly urgency: StopUrgency
  /** The older form: the urgency is not `graceful`. */
  readonly force: boolean
}

/** The properties of an event of a worker. */
export type WorkerEventOf<Type extends WorkerEvent['type']> = Omit<
  Extract<WorkerEvent, { type: Type }>,
  'type'
>

/**
 * Functions of the program that embeds the launcher, or of its configuration file. They run in the launcher's own process, under
 * `cluster` that of the primary. Being functions, they come from nowhere else.
 *
 * @example
 * ```ts
 * import { type LaunchHooks, launch } from 'lockstep'
 *
 * const hooks: LaunchHooks = {
 *   beforeStart: ({ workers }) => console.log('will start', workers),
 *   workerExit: ({ worker, expected }) => expected || console.error('worker has ended', worker),
 *   beforeStop: async () => console.log('will stop'),
 * }
 * await launch({ app: './app.js', hooks })
 * ```
 */
export interface LaunchHooks {
  /** Awaited before anything is bound or started, for `timeouts.boot` at most. What it throws refuses the launch. */
  readonly beforeStart?: ((facts: LaunchFacts) => unknown) | undefined
  /** Called for each worker that can serve. It is not awaited; what it throws is logged. */
  readonly workerReady?: ((worker: WorkerEventOf<'worker:ready'>) => unknown) | undefined
  /** Called for each worker that has ended. It is not awaited; what it throws is logged. */
  readonly workerExit?: ((worker: WorkerEventOf<'worker:exited'>) => unknown) | undefined
  /** Awaited when a stop begins, while the server keeps serving and only readiness answers 503, for `timeouts.graceful` at most. What it throws is logged. */
  readonly beforeStop?: ((stop: BeforeStop) => unknown) | undefined
}

export const hookNames = [
  'beforeStart',
  'workerReady',
  'workerExit',
  'beforeStop',
] as const satisfies readonly (keyof LaunchHooks)[]
