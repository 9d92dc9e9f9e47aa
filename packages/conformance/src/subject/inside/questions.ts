import type { StopUrgency, WorkerEvent } from '@lockstep/core'
import type { BoundAddress } from '@lockstep/core/backend'

/** Each thing that can be asked of a backend, with what is passed and what comes back. */
export interface Questions {
  readonly workers: readonly [argument: undefined, answer: readonly HeardWorker[]]
  readonly events: readonly [argument: undefined, answer: readonly HeardEvent[]]
  readonly stop: readonly [
    argument: { readonly urgency?: StopUrgency; readonly signal?: NodeJS.Signals },
    answer: { readonly tookMs: number },
  ]
  /** How `stopped` has settled; `null`: it has not. */
  readonly stopped: readonly [argument: undefined, answer: { readonly error: string | null } | null]
  readonly announced: readonly [argument: undefined, answer: undefined]
  /** `false`: it has no such member. The same is true below. */
  readonly announceStop: readonly [argument: undefined, answer: boolean]
  /** The code of the error that a listener of the app's server has thrown; `null`: none. */
  readonly listenerFailure: readonly [argument: undefined, answer: { readonly code: string | null } | false]
  readonly reopenLogs: readonly [argument: undefined, answer: boolean]
  /** Applies a snapshot whose key is not a key. Answers whether it was refused. */
  readonly applyUnusableTls: readonly [argument: undefined, answer: { readonly isRefused: boolean }]
  /** Whether its watch sees a connection to its first address, and one to another server. */
  readonly watchAccepts: readonly [
    argument: undefined,
    answer: { readonly own: boolean; readonly another: boolean } | false,
  ]
  readonly supervisor: readonly [
    argument: undefined,
    answer: { readonly wanted: number; readonly failing: number; readonly stacks: readonly number[] } | false,
  ]
  /** `null`: it resolved. Otherwise the code or the name of the error. */
  readonly restart: readonly [argument: { readonly worker: number }, answer: string | null]
  /** The addresses for which it has called `host.verify()`. */
  readonly verified: readonly [argument: undefined, answer: readonly (readonly BoundAddress[])[]]
  /** From now on `host.verify()` rejects. */
  readonly refuseVerification: readonly [argument: undefined, answer: undefined]
}

export type QuestionName = keyof Questions
export type ArgumentOf<Name extends QuestionName> = Questions[Name][0]
export type AnswersOf<Name extends QuestionName> = Questions[Name][1]

export interface HeardWorker {
  readonly id: number
  readonly pid: number
  readonly state: string
  readonly restarts: number
  /** `null`: it does not count. */
  readonly requests: number | null
}

/** An event that the backend has emitted. */
export interface HeardEvent {
  readonly type: WorkerEvent['type']
  readonly worker: number | null
  readonly pid: number | null
  /** Of `worker:exited`. */
  readonly isExpected: boolean | null
  /** Of `worker:recycling` and `worker:replaced`. */
  readonly cause: string | null
  /** `start()` had not resolved. */
  readonly isInStart: boolean
}
