import type { LockstepConfig } from '@lockstep/core'
import type { DoorName } from './door.ts'
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
    }
  | { readonly type: 'apply-tls' }
  | { readonly type: 'replace-workers' }
  | { readonly type: 'scale'; readonly workers: string }
  | { readonly type: 'stop' }

export type FromSubject =
  | ({ readonly type: 'ready' } & Pick<Subject, 'addresses' | 'verified' | 'backend' | 'pid'>)
  | ({ readonly type: 'failed' } & Pick<Failure, 'code' | 'message' | 'faults'>)
  | ({ readonly type: 'tls-applied' } & TlsOutcome)
  | ({ readonly type: 'workers-replaced' } & ReplacementOutcome)
  | ({ readonly type: 'scaled' } & ScaleOutcome)
  | { readonly type: 'stopped'; readonly durationMs: number }
