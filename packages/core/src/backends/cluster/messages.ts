import type { SerialisedFault } from '../../errors/serialise-error.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import type { PlannedTls } from '../../tls/planned-tls.ts'
import type { MemorySample } from './recycle-policy.ts'

/** What the primary tells a worker. A `connection` comes with its socket. */
export type ToWorker =
  | {
      readonly type: 'start'
      readonly plan: LaunchPlan
      readonly worker: number
      /** After how many requests it says `requests-served`; `null`: never. */
      readonly maxRequests: number | null
    }
  | { readonly type: 'connection'; readonly id: number; readonly redirection: Redirection | null }
  /** Has every connection up to this one arrived? Answered by `arrived`: what was not accepted by then has got lost. */
  | { readonly type: 'arrived?'; readonly upTo: number }
  /** First phase of a reload: build what this snapshot needs. Answered by `tls-prepared` or `tls-failed`. */
  | { readonly type: 'prepare-tls'; readonly reload: number; readonly tls: PlannedTls }
  /** Second phase: use it. Answered by `tls-committed`. */
  | { readonly type: 'commit-tls'; readonly reload: number }
  /** No more connections follow. End by yourself once all requests are answered. */
  | { readonly type: 'drain'; readonly deadlineMs: number }
  /** Cut what is still open, and end. */
  | { readonly type: 'hurry' }

/** A connection that is to be sent on to HTTPS, on this port. */
export interface Redirection {
  readonly httpsPort: number
}

/** What a worker tells the primary. */
export type FromWorker =
  /** Sent by the event loop: it turns. */
  | { readonly type: 'beat'; readonly memory: MemorySample | null }
  | { readonly type: 'ready'; readonly app: string }
  | { readonly type: 'failed'; readonly faults: readonly SerialisedFault[] }
  /** The socket of this connection is held here now; the primary may let go of its own copy. */
  | { readonly type: 'accepted'; readonly id: number }
  | { readonly type: 'arrived'; readonly upTo: number }
  | { readonly type: 'tls-prepared' | 'tls-committed' }
  | { readonly type: 'tls-failed'; readonly faults: readonly SerialisedFault[] }
  /** It has answered as many requests as it was to, and goes on. */
  | { readonly type: 'requests-served' }
  /** Somebody asked the worker itself to end (SIGTERM). */
  | { readonly type: 'leaving' }

/** How often a worker beats: several times within the hang timeout, so that one late beat is no hang. */
export function beatIntervalMs(hangMs: number): number {
  return Math.max(20, Math.min(5_000, hangMs / 5))
}
