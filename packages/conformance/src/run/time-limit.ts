import type { ConformanceCase } from '../conformance-case.ts'
import { usualStartDeadlineMs } from '../subject/door.ts'
import type { SubjectRuntime } from '../subject/subject-runtime.ts'

const usualMs = 120_000
const slowMs = 300_000

/**
 * How long a case may take at most, in milliseconds. It does not measure a backend: what a case requires to be soon has a deadline of its
 * own. It ends a case whose subject makes it wait forever.
 */
export function timeLimitOf(
  { slow }: Pick<ConformanceCase, 'slow'>,
  { startDeadlineMs = usualStartDeadlineMs }: Pick<SubjectRuntime, 'startDeadlineMs'>,
): number {
  return (slow ? slowMs : usualMs) * Math.max(1, startDeadlineMs / usualStartDeadlineMs)
}
