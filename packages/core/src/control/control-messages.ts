import type { WorkerStack } from '../backends/server-backend.ts'
import type { ErrorCode } from '../errors/error-catalog.ts'
import type { FaultKind } from '../errors/exit-codes.ts'
import type { LaunchEvent } from '../events/launch-event.ts'
import type { LaunchStatus, ReopenedLogs } from '../launch/launch-handle.ts'
import type { ReloadResult } from '../reload/reload-result.ts'

/** A value as it comes out of JSON: dates are ISO 8601 text. */
export type Told<Value> = Value extends Date
  ? string
  : Value extends object
    ? { readonly [Name in keyof Value]: Told<Value[Name]> }
    : Value

/** What a running server says of itself. */
export type ToldStatus = Told<LaunchStatus>

/** What came of a reload that a verb asked for. */
export type ToldReload = Told<ReloadResult>

export interface ToldFault {
  readonly code: ErrorCode
  /** Only beside a code of another author. */
  readonly kind?: FaultKind | undefined
  readonly message: string
  readonly hint: string
  readonly source?: string | undefined
}

/** The body of every answer that is not a success. */
export interface ToldFaults {
  readonly faults: readonly ToldFault[]
}

/** The progress of a verb while it runs. */
export type ToldProgress = Told<Extract<LaunchEvent, { type: (typeof progressTypes)[number] }>>

/** The events that a waiting verb may report. */
export const progressTypes = [
  'reloading',
  'worker:ready',
  'worker:replaced',
  'worker:exited',
  'worker:restarting',
  'scaled',
  'stopping',
] as const satisfies readonly LaunchEvent['type'][]

/** One line of an answer. The last one has the result, or the faults. */
export type ToldLine<Result> = { readonly progress: ToldProgress } | { readonly result: Result } | ToldFaults

/** The results of the verbs. */
export interface VerbResults {
  readonly status: ToldStatus
  readonly reload: ToldReload
  readonly scale: { readonly workers: number }
  readonly restart: { readonly worker: number }
  readonly stacks: readonly Told<WorkerStack>[]
  readonly 'reopen-logs': Told<ReopenedLogs>
  readonly stop: null
}

export type VerbName = keyof VerbResults

/**
 * The requests of the control plane: HTTP/1.1 over the socket. Each is answered with 200 and lines of JSON (`ToldLine`), or 503 while
 * the server starts. The answer to `stop` ends when the server does.
 */
export const controlRequests = {
  status: { method: 'GET', path: '/status' },
  /** `?scope=tls`: TLS alone. */
  reload: { method: 'POST', path: '/reload' },
  /** `?workers=3`, `+1` or `-1`. */
  scale: { method: 'POST', path: '/scale' },
  /** `?worker=2`. */
  restart: { method: 'POST', path: '/restart' },
  stacks: { method: 'GET', path: '/stacks' },
  'reopen-logs': { method: 'POST', path: '/reopen-logs' },
  /** `?force`: hurries at once. */
  stop: { method: 'POST', path: '/stop' },
} as const satisfies Record<VerbName, { method: string; path: string }>
