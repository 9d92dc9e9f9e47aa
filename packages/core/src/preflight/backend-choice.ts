import type { ServerBackend } from '../backends/server-backend.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { PlannedApp } from '../plan/launch-plan.ts'

/** The backend that will start a launch. */
export interface BackendChoice {
  readonly backend: ServerBackend
  /** Why this one, for people. */
  readonly reason: string
}

/**
 * Finds the backend that the options name, or chooses one. Rejects with a `LaunchError`. The launch hands it in: the preflight checks a
 * plan for any backend, and imports none.
 */
export type ChooseBackend = (
  options: ResolvedOptions,
  /** What is to be run; `null` when that was not found. */
  kind: PlannedApp['kind'] | null,
) => Promise<BackendChoice>
