import { throwFaults } from '../errors/launch-error.ts'
import type { PreparedLaunch } from '../launch/prepare-launch.ts'
import { changedApp, changedAtStart } from './changed-at-start.ts'
import { changedHooks } from './changed-hooks.ts'
import { type NextSnapshot, nextSnapshot } from './next-snapshot.ts'
import type { ReloadCause } from './reload-result.ts'
import { isAskedFor, type ReloadingLaunch } from './reload-state.ts'

/** Reads all sources again. Rejects with a `LaunchError` when a fault is in them, or a change that only a start can apply. */
export async function readAgain(
  { plan, state }: ReloadingLaunch,
  cause: ReloadCause,
): Promise<{ next: PreparedLaunch; snapshot: NextSnapshot }> {
  const { prepared, tls } = state
  const next = await prepared.again(isAskedFor(cause) ? 'reload' : 'renewal', tls)
  state.lastDigest = next.digest
  const snapshot = nextSnapshot(tls, next.plan?.tls ?? null)
  throwFaults(
    next.faults.length > 0
      ? next.faults
      : [
          ...changedAtStart(prepared.options, next.options),
          ...changedHooks(prepared.hooks, next.hooks),
          ...changedApp(plan.app, next.plan?.app),
          ...snapshot.faults,
        ],
  )
  return { next, snapshot }
}
