import { LaunchError, throwFaults } from '../errors/launch-error.ts'
import { messageOf } from '../errors/thrown.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import { assertReloading, type ReloadingLaunch } from './reload-state.ts'
import { verifyReload } from './verify-reload.ts'

/**
 * Applies a new TLS snapshot in every worker and verifies it. Rejects with a `LaunchError`, and then the previous one is served again. Returns
 * how long the workers took to acknowledge, in milliseconds.
 */
export async function installSnapshot(
  launch: ReloadingLaunch,
  { next, previous }: { next: PlannedTls; previous: PlannedTls },
): Promise<number> {
  const { plan, server, log, state } = launch
  const started = performance.now()
  await server.applyTls(next).catch((cause: unknown) => {
    throw notTaken(cause)
  })
  assertReloading(launch)
  const acknowledgedMs = performance.now() - started
  if (plan.verify) {
    const seen = await verifyReload(server, { ...plan, tls: next })
    assertReloading(launch)
    if (seen.differences.length > 0) await server.applyTls(previous)
    throwFaults(seen.differences)
    if (!seen.verification) log.warn('the reload could not be seen from outside: no probe came through')
    state.verification = seen.verification
  }
  state.tls = next
  return acknowledgedMs
}

function notTaken(cause: unknown): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_RELOAD_FAILED',
    message: `The new settings could not be taken up: ${messageOf(cause)}`,
    hint: 'Every worker serves what it served before.',
    cause,
  })
}
