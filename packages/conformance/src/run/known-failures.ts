import { readFileSync } from 'node:fs'
import type { CaseResult } from './case-result.ts'
import { matchesPattern } from './select-cases.ts'

/** A case that is known to fail, and why. Unset fields match anything; `*` in the id stands for anything. */
export interface KnownFailure {
  readonly id: string
  readonly door?: string
  readonly backend?: string
  readonly platform?: string
  readonly reason: string
}

/** Reads the JSON file of known failures: an array of `KnownFailure`. Throws a `TypeError` that says what is wrong with it. */
export function readKnownFailures(file: string): readonly KnownFailure[] {
  const list: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Array.isArray(list)) throw new TypeError(`${file} must hold an array of known failures`)
  for (const entry of list as Partial<KnownFailure>[]) {
    if (typeof entry?.id !== 'string' || typeof entry.reason !== 'string' || entry.reason === '')
      throw new TypeError(`each known failure needs an id and a reason; found ${JSON.stringify(entry)}`)
  }
  return list as KnownFailure[]
}

/** Judges a result by the list: a failure that is known does not fail the run; one that no longer happens does. */
export function judgeByKnownFailures(
  result: CaseResult,
  known: readonly KnownFailure[],
  { backend, platform }: { backend: string; platform: string },
): CaseResult {
  const entry = known.find(
    (one) =>
      matchesPattern(result.id, one.id) &&
      [one.door ?? result.door, one.backend ?? backend, one.platform ?? platform].join() ===
        [result.door, backend, platform].join(),
  )
  if (!entry) return result
  if (result.status === 'fail')
    return { ...result, status: 'known failure', detail: `${entry.reason}: ${result.detail}` }
  if (result.status === 'pass')
    return { ...result, status: 'stale known failure', detail: `it passes now; known as: ${entry.reason}` }
  return result
}
