import assert from 'node:assert/strict'

/** What a case did not see in time is a finding about the subject, not a broken suite. */
export function missedDeadline(deadlineMs: number, what: string): assert.AssertionError {
  return new assert.AssertionError({ message: `waited ${Math.round(deadlineMs)} ms for ${what}` })
}

/** Settles as `work` does, or fails the case after `limitMs` milliseconds. `what` completes "waited for …". */
export async function inTime<Result>(work: Promise<Result>, limitMs: number, what: string): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(missedDeadline(limitMs, what)), limitMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
