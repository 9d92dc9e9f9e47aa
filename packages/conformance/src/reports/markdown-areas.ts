import { markdownTable } from './markdown-table.ts'
import { markdownCode, markdownText } from './markdown-text.ts'
import type { Column, MatrixView, Row } from './matrix-view.ts'
import { statuses, statusViews, worstStatus } from './status-views.ts'

/** How the cases of each area went for each backend. A case counts once: with its worst mark on the platforms where it can exist. */
export function areaTable({ columns, groups }: MatrixView): string {
  const backends = Map.groupBy(columns.keys(), (index) => columns[index]?.cell.backend ?? '')
  const ran = [...backends].filter(([, indices]) => indices.some((index) => columns[index]?.cell.report))
  const counts = (rows: readonly Row[]): string[] => ran.map(([, indices]) => countsIn(rows, indices))
  return markdownTable(
    ['area', 'cases', ...ran.map(([backend]) => markdownText(backend))],
    [
      ...groups.map(({ name, rows }) => [markdownCode(name), String(rows.length), ...counts(rows)]),
      [
        'all',
        String(groups.flatMap(({ rows }) => rows).length),
        ...counts(groups.flatMap(({ rows }) => rows)),
      ],
    ],
  )
}

/** Only of the statuses that occur. */
export function legend(columns: readonly Column[]): string {
  const occurring = new Set(columns.flatMap(({ counts }) => counts.map(({ status }) => status)))
  const shown = statuses.filter((status) => occurring.has(status)).map((status) => statusViews[status])
  return shown.length === 0 ? '' : `${shown.map(({ mark, meaning }) => `${mark} ${meaning}`).join('; ')}.`
}

function countsIn(rows: readonly Row[], indices: readonly number[]): string {
  const found = rows.flatMap(({ marks }) => {
    const seen = indices.flatMap((index) => marks[index]?.status ?? [])
    const possible = seen.filter((status) => status !== 'not on this platform')
    return seen.length === 0 ? [] : [worstStatus(possible.length > 0 ? possible : seen)]
  })
  return statuses
    .map((status) => ({ status, cases: found.filter((one) => one === status).length }))
    .filter(({ cases }) => cases > 0)
    .map(({ status, cases }) => `${statusViews[status].mark} ${cases}`)
    .join(', ')
}
