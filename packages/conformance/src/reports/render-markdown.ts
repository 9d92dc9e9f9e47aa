import { judgeRun } from '../profile/judge-run.ts'
import { missingLines, refusedLines } from '../profile/verdict-text.ts'
import type { MatrixCell } from '../run/report.ts'
import { renderExplanations } from './markdown-explanations.ts'
import { markdownTable } from './markdown-table.ts'
import { markdownCode, markdownText } from './markdown-text.ts'
import { type Column, type DescribedCase, type Mark, type Row, viewMatrix } from './matrix-view.ts'
import { renderSummaryTable } from './render-summary-table.ts'
import { ranAt, ranFor, ranOn, ranWith } from './run-facts.ts'
import { statuses, statusViews } from './status-views.ts'

/** The matrix as a page of Markdown: when and on what it was run, the marks of all cases, and the meaning of those that are not ✓. */
export function renderMarkdown(cells: readonly MatrixCell[], cases: readonly DescribedCase[]): string {
  const { columns, groups } = viewMatrix(cells, cases)
  const tables = groups.map(({ name, rows }) => `### ${markdownText(name)}\n\n${caseTable(columns, rows)}`)
  return `${[
    '# Conformance',
    '<!-- Rendered from the reports of the runs by `npm run matrix` or `lockstep conformance --report`. Do not edit. -->',
    'What each backend does on each platform, seen from outside and over the wire by the suite of `packages/conformance`.',
    renderSummaryTable(cells),
    '## The runs',
    markdownTable(['run', 'result', 'on', 'when'], columns.map(runRow)),
    ...lookers(cells),
    ...refusals(columns),
    '## The cases',
    `${legend(columns)} A case goes through several doors (the backend alone, \`launch()\`, the command), and the worst of them is shown. A mark holds on every platform where the backend was run, unless another mark follows with its platforms.`,
    ...tables,
    ...renderExplanations(columns, groups),
  ].join('\n\n')}\n`
}

function runRow({ name, cell, counts }: Column): string[] {
  const { state, reason, report } = cell
  if (!report)
    return [markdownText(name), markdownText(`${state}: ${reason ?? 'no reason is known'}`), '', '']
  const result = `${state}: ${counts.map(({ status, cases }) => `${cases} ${status}`).join(', ')}`
  const on = `${ranOn(report)}, Lockstep ${report.lockstep}`
  return [markdownText(name), result, markdownText(on), markdownText(`${ranAt(report)}, ${ranFor(report)}`)]
}

/** What each run refuses, the minimum first; once for all runs that refuse the same. */
function refusals(columns: readonly Column[]): string[] {
  const byText = Map.groupBy(columns, ({ cell: { report } }) => {
    if (!report) return ''
    const verdict = report.verdict ?? judgeRun(report.results)
    return [...missingLines(verdict), ...refusedLines(verdict)]
      .map((text) => `- ${markdownText(text)}`)
      .join('\n')
  })
  const told = [...byText].filter(([text]) => text !== '')
  if (told.length === 0) return []
  return [
    '## What is refused',
    ...told.map(([text, runs]) => `${markdownText(runs.map(({ name }) => name).join('; '))}:\n\n${text}`),
  ]
}

/** The clients, once for all runs that had the same. */
function lookers(cells: readonly MatrixCell[]): string[] {
  const sets = new Set(cells.flatMap(({ report }) => (report ? [ranWith(report)] : [])))
  return [...sets].map((clients) => `Seen by ${markdownText(clients)}.`)
}

/** Only of the statuses that occur. */
function legend(columns: readonly Column[]): string {
  const occurring = new Set(columns.flatMap(({ counts }) => counts.map(({ status }) => status)))
  const shown = statuses.filter((status) => occurring.has(status)).map((status) => statusViews[status])
  return shown.length === 0 ? '' : `${shown.map(({ mark, meaning }) => `${mark} ${meaning}`).join('; ')}.`
}

/** A column for each backend: a mark alone holds on every platform where the backend was run. */
function caseTable(columns: readonly Column[], rows: readonly Row[]): string {
  const backends = Map.groupBy(columns.keys(), (index) => columns[index]?.cell.backend ?? '')
  return markdownTable(
    ['case', ...[...backends.keys()].map(markdownText)],
    rows.map(({ id, marks }) => [
      markdownCode(id),
      ...[...backends.values()].map((indices) => signs(indices, { columns, marks })),
    ]),
  )
}

/** The most frequent mark, then the others with their platforms. */
function signs(
  indices: readonly number[],
  { columns, marks }: { columns: readonly Column[]; marks: readonly (Mark | null)[] },
): string {
  const ran = indices.filter((index) => marks[index])
  const [usual, ...others] = [...Map.groupBy(ran, (index) => marks[index]?.status ?? 'pass')].sort(
    ([, left], [, right]) => right.length - left.length,
  )
  if (!usual) return ''
  return [
    statusViews[usual[0]].mark,
    ...others.map(
      ([status, where]) =>
        `${statusViews[status].mark} ${markdownText(where.map((index) => columns[index]?.cell.platform).join('; '))}`,
    ),
  ].join(', ')
}
