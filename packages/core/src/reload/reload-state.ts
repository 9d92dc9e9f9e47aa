import type { RunningServer } from '../backends/server-backend.ts'
import { LaunchError } from '../errors/launch-error.ts'
import type { LaunchEvent } from '../events/launch-event.ts'
import type { PreparedLaunch } from '../launch/prepare-launch.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'
import type { Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import type { Verification } from '../verify/verification.ts'
import type { ReloadCause, ReloadStatus } from './reload-result.ts'

/** A launch that reloads, as every step of a reload sees it. */
export interface ReloadingLaunch {
  readonly plan: LaunchPlan
  readonly server: RunningServer
  readonly log: Logger
  readonly lifecycle: Lifecycle
  emit(event: LaunchEvent): void
  readonly state: ReloadState
}

/** What is served, and the result of the reloads so far. Reloads run one at a time, so each step may change it. */
export interface ReloadState {
  /** The sources as they were last read and applied. */
  prepared: PreparedLaunch
  /** Those that the app got. */
  readonly variablesAtStart: PreparedLaunch['variables']
  tls: PlannedTls | null
  /** What the probes saw after the last reload; `null` before the first. */
  verification: Verification | null
  status: ReloadStatus
  /** The reload that was refused last and may succeed without being asked for; `null` when there is none. */
  refusal: Refusal | null
  /** Of the files as they were last read, whether they were applied or refused. */
  lastDigest: string
}

/** Why new settings are not in use. */
export interface Refusal {
  /** Equal for equal reasons. */
  readonly reasons: string
  /** The time when the fault ends by itself, if it does. */
  readonly until: Date | null
}

export function refusalOf({ faults }: LaunchError): Refusal {
  const dates = faults.flatMap(({ until }) => (until ? [until.getTime()] : []))
  return {
    reasons: faults.map(({ code, message }) => `${code} ${message}`).join('\n'),
    until: dates.length === 0 ? null : new Date(Math.min(...dates)),
  }
}

/** Whether a user has asked for the reload. The launcher also follows certificates by itself. */
export function isAskedFor(cause: ReloadCause): boolean {
  return cause === 'api' || cause === 'signal' || cause === 'verb'
}

/** Throws when a stop has come meanwhile, after each step that was waited for. */
export function assertReloading({ lifecycle }: Pick<ReloadingLaunch, 'lifecycle'>): void {
  if (lifecycle.state !== 'reloading') throw reloadRefused(lifecycle)
}

export function reloadRefused({ state }: Pick<Lifecycle, 'state'>): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_RELOAD_REFUSED',
    message: `The server cannot reload now: it is ${state}.`,
    hint: 'A server reloads between its start and its stop.',
  })
}
