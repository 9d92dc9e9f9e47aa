import type { Socket } from 'node:net'
import type { Logger } from '../../../log/logger.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import type { AcceptWatch } from '../../../platform/net/accept-watch.ts'
import type { BoundAddress } from '../../../platform/net/address/bound-address.ts'
import type { WorkerHandle } from '../primary/worker-handle.ts'
import type { Redirection } from '../wire/messages.ts'

/** How connections come to the workers. */
export interface Intake {
  /** Binds all addresses of the plan, which has those of its app by now, or none; resolves when those workers that are ready are reached by them. */
  open(plan: LaunchPlan): Promise<{
    readonly addresses: readonly BoundAddress[]
    readonly redirects: readonly BoundAddress[]
  }>
  /**
   * To be called whenever a worker has become ready, begins to leave, or has ended; may be called at any time. Resolves when
   * connections reach every worker that is ready: only then may an old one leave for a new one.
   */
  update(): Promise<void>
  /** Takes connections from a worker that has died before it took them. */
  takeBack(sockets: readonly Socket[]): void
  redirectionOf(socket: Socket): Redirection | null
  /** Sees which connections are accepted. Resolves when each process that accepts remembers them. One watch at a time. */
  watchAccepts(): Promise<AcceptWatch>
  /** Accepts what waits already, and then nothing more. When it resolves, the workers can be drained. */
  stopAccepting(): Promise<void>
  /** Closes everything at once. */
  close(): void
}

export interface IntakeOptions {
  readonly plan: LaunchPlan
  readonly log: Logger
  readonly workers: () => readonly WorkerHandle[]
}
