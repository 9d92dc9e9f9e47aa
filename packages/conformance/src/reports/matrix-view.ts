import type { ConformanceCase } from '../conformance-case.ts'
import type { CaseResult, CaseStatus } from '../run/case-result.ts'
import type { MatrixCell } from '../run/report.ts'
import { statuses, worstStatus } from './status-views.ts'

/** What a report says of a case besides its results. */
export type DescribedCase = Pick<ConformanceCase, 'id' | 'level' | 'requirement' | 'source'>

/** The cells side by side, with the results of all doors of a case behind one mark: what each of the formats draws. */
export interface MatrixView {
  readonly columns: readonly Column[]
  /** By the first part of the id, in the order of the cases. */
  readonly groups: readonly { readonly name: string; readonly rows: readonly Row[] }[]
}

export interface Column {
  readonly cell: MatrixCell
  /** For example `single on Linux, Node 24`. */
  readonly name: string
  /** How many cases have which status, the best first; each case counts once. */
  readonly counts: readonly { readonly status: CaseStatus; readonly cases: number }[]
}

export interface Row {
  readonly id: string
  /** `null` for an id in a report that is not a case any more. */
  readonly described: DescribedCase | null
  /** One for each column; `null`: it was not run there. */
  readonly marks: readonly (Mark | null)[]
}

export interface Mark {
  /** The worst of its results. */
  readonly status: CaseStatus
  /** Through each of the doors, the worst first. */
  readonly results: readonly CaseResult[]
  /** How many observations were not made, because their client is not installed. */
  readonly unseen: number
}

/** Builds the view of the cells and cases. Cases that no cell ran are left out, unless no cell was run at all. */
export function viewMatrix(cells: readonly MatrixCell[], cases: readonly DescribedCase[]): MatrixView {
  const resultsById = cells.map(({ report }) => Map.groupBy(report?.results ?? [], ({ id }) => id))
  const described = new Map(cases.map((one) => [one.id, one]))
  const seen = new Set(resultsById.flatMap((results) => [...results.keys()]))
  const known = cases.map(({ id }) => id).filter((id) => seen.size === 0 || seen.has(id))
  const rows = [...new Set([...known, ...seen])].map((id) => ({
    id,
    described: described.get(id) ?? null,
    marks: resultsById.map((results) => markOf(results.get(id))),
  }))
  const groups = Map.groupBy(rows, ({ id }) => id.split('/')[0] ?? id)
  return {
    columns: cells.map((cell, index) => ({
      cell,
      name: `${cell.backend} on ${cell.platform}`,
      counts: countsOf(rows.map(({ marks }) => marks[index] ?? null)),
    })),
    groups: [...groups].map(([name, members]) => ({ name, rows: members })),
  }
}

function markOf(results: readonly CaseResult[] | undefined): Mark | null {
  if (!results) return null
  return {
    status: worstStatus(results.map(({ status }) => status)),
    results: results.toSorted(
      (left, right) => statuses.indexOf(right.status) - statuses.indexOf(left.status),
    ),
    unseen: results
      .flatMap(({ observations }) => observations)
      .filter(({ outcome }) => outcome === 'not observed').length,
  }
}

function countsOf(marks: readonly (Mark | null)[]): Column['counts'] {
  return statuses
    .map((status) => ({ status, cases: marks.filter((mark) => mark?.status === status).length }))
    .filter(({ cases }) => cases > 0)
}
