import assert from 'node:assert/strict'
import type { Observation, ObservedSession } from './observation.ts'

/** The server ended it, without an answer. */
export function refused({ outcome }: Observation): void {
  assert.equal(outcome, 'refused')
}

/** The server ended it and said why, by this alert (RFC 8446 section 6.2). */
export function refusedWith(alert: string): (seen: Observation) => void {
  return (seen) => assert.deepEqual([seen.outcome, seen.alert], ['refused', alert])
}

/** The exchange was completed over this version. */
export function servedOver(version: ObservedSession['version']): (seen: Observation) => void {
  return (seen) => assert.deepEqual([seen.status, seen.tls?.version], [200, version])
}
