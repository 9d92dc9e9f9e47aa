import type { RawOptions } from '@lockstep/core'
import type { Failure, Subject } from './subject.ts'

export type ToSubject =
  | {
      readonly type: 'start'
      readonly options: RawOptions
      /** URL of the module whose `launch()` is called. */
      readonly launcher: string
    }
  | { readonly type: 'stop' }

export type FromSubject =
  | ({ readonly type: 'ready' } & Pick<Subject, 'url' | 'addresses' | 'verification' | 'backend' | 'pid'>)
  | ({ readonly type: 'failed' } & Omit<Failure, 'stderr'>)
  | { readonly type: 'stopped'; readonly durationMs: number }
