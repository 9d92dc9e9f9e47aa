import type { DoorName } from '../subject/door.ts'
import { nativeRuntime } from '../subject/node-runtime.ts'
import { doorsOf } from '../subject/open-doors.ts'
import type { CaseResult } from './case-result.ts'
import { checkSubject } from './check-subject.ts'
import { judgeByKnownFailures, type KnownFailure } from './known-failures.ts'
import { runCase } from './run-case.ts'
import { type CaseSelection, isSeenThrough, selectCases } from './select-cases.ts'
import { borrowMaterials } from './suite-materials.ts'
import type { SuiteSubject } from './suite-subject.ts'

export interface SuiteRun {
  /** Patterns of ids such as `tls/*`, or cases; unset, all of them. */
  readonly cases?: CaseSelection
  /** Leaves out the few cases that take many seconds. */
  readonly quick?: boolean
  /** Unset, every door that the subject has. */
  readonly doors?: readonly DoorName[] | undefined
  /** How many cases run side by side, each with processes and ports of its own. */
  readonly atATime?: number
  readonly knownFailures?: readonly KnownFailure[]
  /** When it aborts, the suite ends all that its cases have started, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Called once, before the first case. `runs` counts each case once for each door through which it is seen. */
  readonly onStart?: (run: { readonly cases: number; readonly runs: number }) => void
  readonly onResult?: (
    result: CaseResult,
    progress: { readonly done: number; readonly total: number },
  ) => void
}

/**
 * Runs cases against a backend, through each door, and returns the results in the order of the cases.
 * What a case has started ends with the process that calls this, however that ends.
 *
 * @throws {RangeError} For a pattern that no case matches.
 * @throws {LaunchError} `LOCKSTEP_ERR_TWO_CORES` when the backend would load another copy of the core than the suite.
 */
export async function runSuite(
  subject: SuiteSubject,
  { cases, quick, doors, atATime = 4, knownFailures = [], signal, onStart, onResult }: SuiteRun = {},
): Promise<readonly CaseResult[]> {
  checkSubject(subject)
  const selected = selectCases({ cases, quick })
  const { platform } = subject.runtime ?? nativeRuntime
  await using materials = await borrowMaterials()
  const runs = selected.flatMap((one) =>
    doorsOf(subject)
      .filter((door) => (doors ?? [door.name]).includes(door.name) && isSeenThrough(door.name, one))
      .map((door) => ({ one, door })),
  )
  onStart?.({ cases: new Set(runs.map(({ one }) => one)).size, runs: runs.length })
  const results: CaseResult[] = new Array(runs.length)
  const queue = runs.entries()
  let done = 0
  const worker = async (): Promise<void> => {
    for (const [index, { one, door }] of queue) {
      if (signal?.aborted) return
      const raw = await runCase(one, { subject, door, materials, signal })
      if (signal?.aborted) return
      const result = judgeByKnownFailures(raw, knownFailures, { backend: subject.backend.name, platform })
      results[index] = result
      done += 1
      onResult?.(result, { done, total: runs.length })
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
  signal?.throwIfAborted()
  return results
}
