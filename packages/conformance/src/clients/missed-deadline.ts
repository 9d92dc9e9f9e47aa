import assert from 'node:assert/strict'

/** What a case did not see in time is a finding about the subject, not a broken suite. */
export function missedDeadline(deadlineMs: number, what: string): assert.AssertionError {
  return new assert.AssertionError({ message: `waited ${Math.round(deadlineMs)} ms for ${what}` })
}
