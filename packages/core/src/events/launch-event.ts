import type { StopUrgency, WorkerEvent } from '../backends/server-backend.ts'
import type { LaunchError } from '../errors/launch-error.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import type { ReloadCause, ReloadResult } from '../reload/reload-result.ts'
import type { EndingFacts, LeafFacts } from '../tls/planned-tls.ts'
import type { Verification } from '../verify/verification.ts'

/**
 * What happens to a launch, in the order in which it happens. A name says what it is about, and after a colon what happens to that, as a
 * participle: `worker:exited`. Without a colon it is about the server as a whole: `ready`.
 */
export type LaunchEvent =
  | WorkerEvent
  /** Prepared without a fault; nothing is started yet. */
  | { readonly type: 'starting'; readonly backend: string; readonly reason: string }
  /** Bound, but not announced yet. */
  | { readonly type: 'listening'; readonly addresses: readonly BoundAddress[] }
  | { readonly type: 'verified'; readonly verification: Verification }
  | { readonly type: 'ready'; readonly urls: readonly string[] }
  | { readonly type: 'reloading'; readonly cause: ReloadCause }
  | { readonly type: 'reloaded'; readonly result: ReloadResult }
  | {
      readonly type: 'reload:failed'
      readonly cause: ReloadCause
      readonly error: LaunchError
      /** The leaf that stays in use; `null` for plain HTTP. */
      readonly served: LeafFacts | null
    }
  /** A certificate or a revocation list that is in use ends soon, or has: when the server is ready, after each reload, and each day. */
  | {
      readonly type: 'certificate:expiring'
      readonly role: EndingFacts['role']
      readonly leaf: LeafFacts
      readonly at: Date
    }
  /** The launch rejects with this error; nothing is left of it. */
  | { readonly type: 'failed'; readonly error: LaunchError }
  /** Every process has opened its logs again. */
  | {
      readonly type: 'logs:reopened'
      readonly files: readonly string[]
      readonly processes: number
      readonly draining: number
    }
  | { readonly type: 'stopping'; readonly urgency: StopUrgency }
  | { readonly type: 'stopped'; readonly error: Error | null }

/** The `type` of an event, such as `ready`. */
export type LaunchEventType = LaunchEvent['type']
/** The event of one type, with its properties. */
export type LaunchEventOf<Type extends LaunchEventType> = Extract<LaunchEvent, { type: Type }>

/** No event follows it. */
export function isLast({ type }: LaunchEvent): boolean {
  return type === 'stopped' || type === 'failed'
}
