import type { StopSignal } from '../../app/app-signals.ts'
import type { LaunchError } from '../../errors/launch-error.ts'
import type { StopUrgency, WorkerStatus } from '../server-backend.ts'

/** How a process has ended. */
export interface WorkerEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Why a process wants to end: something outside has sent it a signal, or its app has closed the server. */
export type AskedToEnd = 'signal' | 'app'

/** A process in a place, from its start to its end. */
export interface PlacedWorker {
  /** That of its place. */
  readonly id: number
  /** 0: no process could be started. */
  readonly pid: number
  /** What it runs, for the log. */
  readonly app: string
  /** Resolves when it could serve; rejects with the reason when it fails or dies before that. */
  readonly ready: Promise<void>
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<WorkerEnd>
  /** Resolves when the process wants to end, and was not asked to by its place. */
  readonly asked: Promise<AskedToEnd>
  readonly wasReady: boolean
  /** It was asked to end by its place: its end is not a crash. */
  readonly isLeaving: boolean
  /** On a steady clock. */
  readonly aliveMs: number
  /** Why it can't start, or what ends it. */
  readonly failure: LaunchError | null
  /** What the app did wrong first once it was loaded: an exception of a listener of its server, or another server that was refused. */
  readonly listenerFailure: LaunchError | null
  /** It receives requests from now on. Returns false when it can't any more: its end may be reported only later. */
  admit(): boolean
  /** Ends it. A more urgent call takes effect during an earlier one. */
  stop(options: {
    readonly urgency: StopUrgency
    readonly signal: StopSignal
    readonly gracefulMs: number
  }): void
  kill(): void
  status(): WorkerStatus
}
