import type { PlannedAddress } from '../../plan/launch-plan.ts'
import type { AcceptWatch } from '../../platform/net/accept-watch.ts'
import { answeredConnections, type ProbeTarget } from '../probes/probe-target.ts'
import type { VerificationCheck } from '../verification.ts'

/**
 * Compares the connections of all probes with those that the server has accepted. Another program may get what is meant for the server: one
 * that is bound to 127.0.0.1 beside our 0.0.0.0, as Windows and macOS allow, or one that shares the port by SO_REUSEPORT. It can't pretend:
 * the server names both ends of each connection over the launcher's own channel, and no client sees that.
 *
 * Returns the checks with this one. When it has failed, what else differs is of that other program, and is left out.
 */
export async function withOwnServerCheck(
  checks: readonly VerificationCheck[],
  { target, accepts }: { target: ProbeTarget; accepts: AcceptWatch | null },
): Promise<readonly VerificationCheck[]> {
  const answered = answeredConnections(target)
  if (!accepts || answered.length === 0) return checks
  // All of them: the server leaves its launcher's probes out of what it counts.
  const accepted = await accepts.accepted(target.connections.map(({ ends }) => ends))
  const strange = answered.filter((ends) => !accepted.has(ends)).length
  const own = {
    name: 'own-server',
    passed: strange === 0,
    expected: 'answers of this server',
    observed:
      strange === 0
        ? 'answers of this server'
        : `answers of another program on ${strange} of ${answered.length} connections`,
  }
  return own.passed ? [...checks, own] : [own, ...checks.filter(({ passed }) => passed)]
}

/**
 * `null` for a socket that was handed over: the program that did so may have given it to an earlier server too, which accepts from it until
 * the new one is ready.
 */
export function watchOfAddress(
  planned: PlannedAddress | undefined,
  accepts: AcceptWatch | null,
): AcceptWatch | null {
  return planned?.kind === 'fd' ? null : accepts
}
