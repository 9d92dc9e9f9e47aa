import { hasFailed } from '../run/case-result.ts'
import type { MatrixCell } from '../run/report.ts'
import { markdownTable } from './markdown-table.ts'
import { markdownCode, markdownText } from './markdown-text.ts'

/** The matrix in a few words: a row for each backend and a column for each platform, as a table in Markdown. */
export function renderSummaryTable(cells: readonly MatrixCell[]): string {
  const platforms = [...new Set(cells.map(({ platform }) => platform))]
  const backends = [...new Set(cells.map(({ backend }) => backend))]
  const rows = backends.map((backend) => [
    markdownCode(backend),
    ...platforms.map((platform) =>
      words(cells.find((cell) => cell.backend === backend && cell.platform === platform)),
    ),
  ])
  return markdownTable(['backend', ...platforms.map(markdownText)], rows)
}

function words(cell: MatrixCell | undefined): string {
  if (!cell) return ''
  const { state, report } = cell
  if (state !== 'falls short' || !report) return state
  const failed = new Set(report.results.filter(hasFailed).map(({ id }) => id))
  return `${state} in ${failed.size} of ${new Set(report.results.map(({ id }) => id)).size} cases`
}
