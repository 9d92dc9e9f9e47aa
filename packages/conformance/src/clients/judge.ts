import assert from 'node:assert/strict'
import type { Observation, ObservedSession } from './observation.ts'

/** The server ended the connection without an answer. */
export function refused({ outcome }: Observation): void {
  assert.equal(outcome, 'refused')
}

/** The server ended it and said why, by this alert (RFC 8446 section 6.2). */
export function refusedWith(alert: string): (seen: Observation) => void {
  return (seen) => assert.deepEqual([seen.outcome, seen.alert], ['refused', alert])
}

/**
 * The same for a refusal that comes after the server has sent its own flight: every client is refused, each client that is given a reason is given
 * this one, and at least one client is. A server that closes at once may lose the alert on its way (RFC 8446 section 6.1 asks for no delivery): Node by
 * itself does on Windows, while it still writes that flight.
 */
export function refusalsTelling(alert: string): {
  readonly judge: (seen: Observation) => void
  readonly conclude: () => void
} {
  const told: string[] = []
  return {
    judge(seen) {
      refused(seen)
      if (seen.alert !== null) told.push(seen.alert)
    },
    conclude() {
      assert.deepEqual([...new Set(told)], [alert], 'the alerts that the refused clients got')
    },
  }
}

/** The exchange was completed over this version. */
export function servedOver(version: ObservedSession['version']): (seen: Observation) => void {
  return (seen) => assert.deepEqual([seen.status, seen.tls?.version], [200, version])
}
