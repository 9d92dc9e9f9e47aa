import type { RecordedObservation } from '../clients/recorder.ts'
import type { ConformanceCase } from '../conformance-case.ts'
import type { DoorName } from '../subject/door.ts'

/** How a case ended. */
export type CaseStatus =
  /** The subject does what the case requires. */
  | 'pass'
  /** It does not. */
  | 'fail'
  /** The backend says in its support table that it can't, and refused before it bound anything. */
  | 'refused as declared'
  /** What the case requires cannot exist on the subject's platform. */
  | 'not on this platform'
  /** A program that the case can't do without is missing, so nothing is known. */
  | 'not observed'
  /** It fails, and the list of known failures says so with its reason. */
  | 'known failure'
  /** It passes, and the list of known failures still says that it fails. */
  | 'stale known failure'
  /** The suite itself broke. */
  | 'harness error'

export interface CaseResult {
  readonly id: ConformanceCase['id']
  readonly level: ConformanceCase['level']
  readonly door: DoorName
  readonly status: CaseStatus
  /** The options, or members of the backend, that were refused as declared. Absent otherwise, and in reports of older versions. */
  readonly refused?: readonly string[]
  /** What was found, unless it passed. */
  readonly detail: string
  readonly durationMs: number
  /** What the clients saw, those that could not observe among them. */
  readonly observations: readonly RecordedObservation[]
}

const failing: ReadonlySet<CaseStatus> = new Set(['fail', 'stale known failure', 'harness error'])

/** Whether a result makes the run fail. What could not be observed is shown and counted, but is not a failure. */
export function hasFailed({ status }: Pick<CaseResult, 'status'>): boolean {
  return failing.has(status)
}
