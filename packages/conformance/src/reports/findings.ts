import type { CaseStatus } from '../run/case-result.ts'
import type { Row } from './matrix-view.ts'
import { statuses } from './status-views.ts'

/** What was found in a case that did not simply pass. */
export interface Finding {
  readonly id: string
  readonly status: CaseStatus
  readonly detail: string
  /** The columns by their index, each with its doors. */
  readonly where: Map<number, Set<string>>
}

/** The findings of some cases, the worst first. The same finding in several runs is listed once. */
export function findingsIn(rows: readonly Row[]): Finding[] {
  const found = new Map<string, Finding>()
  for (const { id, marks } of rows) {
    for (const [index, mark] of marks.entries()) {
      for (const { status, detail, door } of mark?.results ?? []) {
        if (status === 'pass') continue
        const key = JSON.stringify([id, status, detail])
        const finding = found.get(key) ?? { id, status, detail, where: new Map<number, Set<string>>() }
        finding.where.set(index, (finding.where.get(index) ?? new Set<string>()).add(door))
        found.set(key, finding)
      }
    }
  }
  return [...found.values()].sort(
    (left, right) => statuses.indexOf(right.status) - statuses.indexOf(left.status),
  )
}
