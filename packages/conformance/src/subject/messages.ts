import type { LockstepConfig } from '@lockstep/core'
import type { DoorName } from './door.ts'
import type { QuestionName } from './inside/questions.ts'
import type { Failure, ReplacementOutcome, ScaleOutcome, Subject, TlsOutcome } from './subject.ts'

export type ToSubject =
  | {
      readonly type: 'start'
      readonly door: Exclude<DoorName, 'command'>
      readonly options: LockstepConfig
      /** URL of the module whose `launch()` is called; `null`, the core's. */
      readonly launcher: string | null
      /** URL of a module whose `externalBackends` can be named; `null`: only the built-in ones. */
      readonly backends: string | null
      /** Through the door `backend`: `announced()` is left to the case. */
      readonly isUnannounced: boolean
      /** The module whose default export is passed as an app in memory; `null`: the options name the app. */
      readonly appInMemory: string | null
    }
  /** Aborts the start that is under way. */
  | { readonly type: 'give-up' }
  /** Through the door `backend`. Others may be asked before it is answered. */
  | {
      readonly type: 'ask'
      readonly number: number
      readonly question: QuestionName
      readonly argument: unknown
    }
  | { readonly type: 'apply-tls' }
  | { readonly type: 'replace-workers' }
  | { readonly type: 'scale'; readonly workers: string }
  | { readonly type: 'stop' }

export type FromSubject =
  | ({ readonly type: 'ready' } & Pick<Subject, 'addresses' | 'verified' | 'backend' | 'pid'>)
  | ({ readonly type: 'failed' } & Pick<Failure, 'code' | 'message' | 'faults' | 'pid'>)
  | AnswerOfSubject
  | ({ readonly type: 'tls-applied' } & TlsOutcome)
  | ({ readonly type: 'workers-replaced' } & ReplacementOutcome)
  | ({ readonly type: 'scaled' } & ScaleOutcome)
  | { readonly type: 'stopped'; readonly durationMs: number }

/** `fault`: why it could not be answered. */
export interface AnswerOfSubject {
  readonly type: 'answer'
  readonly number: number
  readonly answer: unknown
  readonly fault: string | null
}
