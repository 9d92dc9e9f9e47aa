import type { ConformanceCase } from '../conformance-case.ts'

/** How a case ended. */
export type CaseStatus =
  /** The subject does what the case requires. */
  | 'pass'
  /** It does not. */
  | 'fail'
  /** The backend says in its support table that it can't, and refused before it bound anything. */
  | 'refused as declared'
  /** A client or a property of the platform is missing, so nothing is known. */
  | 'not observed'
  /** The suite itself broke. */
  | 'harness error'

export interface CaseResult {
  readonly id: ConformanceCase['id']
  readonly level: ConformanceCase['level']
  readonly status: CaseStatus
  /** What was found, unless it passed. */
  readonly detail: string
  readonly durationMs: number
}

/** Whether a result makes the run fail. What could not be observed is shown and counted, but is no failure. */
export function hasFailed({ status }: CaseResult): boolean {
  return status === 'fail' || status === 'harness error'
}
