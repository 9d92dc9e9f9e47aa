import { judgeRun } from '../profile/judge-run.ts'
import { missingLines, refusedLines } from '../profile/verdict-text.ts'
import type { MatrixCell } from '../run/report.ts'
import { areaTable, legend } from './markdown-areas.ts'
import { renderExplanations } from './markdown-explanations.ts'
import { markdownTable } from './markdown-table.ts'
import { markdownText } from './markdown-text.ts'
import { type Column, type DescribedCase, viewMatrix } from './matrix-view.ts'
import { renderSummaryTable } from './render-summary-table.ts'
import { ranAt, ranFor, ranOn, ranWith } from './run-facts.ts'

/**
 * The matrix as a page of Markdown that can be read as a whole: the verdicts, the runs, what is refused, counts by area, and what else was
 * found. `everyCase` is the path from the page to the file that has each case.
 */
export function renderMarkdown(
  cells: readonly MatrixCell[],
  cases: readonly DescribedCase[],
  everyCase: string,
): string {
  const view = viewMatrix(cells, cases)
  const { columns, groups } = view
  return `${[
    '# Conformance',
    '<!-- Rendered from the reports of the runs by `npm run matrix` or `lockstep conformance --report`. Do not edit. -->',
    'What each backend does on each platform, seen from outside and over the wire by the conformance suite.',
    renderSummaryTable(cells),
    `This page is a summary. [${markdownText(everyCase)}](${everyCase}) has every case: what it requires, where that comes from, and how it went in each run.`,
    'To repeat a run: `lockstep conformance BACKEND`. `--case ID` runs a part. In the repository, `npm run matrix` runs every backend on every platform that the machine has.',
    '## The runs',
    ...runTable(columns),
    ...notRun(columns),
    ...lookers(cells),
    ...refusals(columns),
    '## The cases by area',
    `${legend(columns)} A case may go through several doors (the backend alone, \`launch()\`, the command) and run on several platforms. It counts once, with its worst result.`,
    areaTable(view),
    ...renderExplanations(columns, groups),
  ].join('\n\n')}\n`
}

function runTable(columns: readonly Column[]): string[] {
  const rows = columns.flatMap(({ name, cell: { state, report }, counts }) => {
    if (!report) return []
    const result = `${state}: ${counts.map(({ status, cases }) => `${cases} ${status}`).join(', ')}`
    const on = `${ranOn(report)}, Lockstep ${report.lockstep}`
    return [[name, result, on, `${ranAt(report)}, ${ranFor(report)}`].map(markdownText)]
  })
  return rows.length === 0 ? [] : [markdownTable(['run', 'result', 'on', 'when'], rows)]
}

/** The runs without a report, by their reason. */
function notRun(columns: readonly Column[]): string[] {
  const without = columns.filter(({ cell: { report } }) => !report)
  const byReason = Map.groupBy(without, ({ cell: { state, reason } }) =>
    state === 'not run' ? `${reason}` : `${state}, ${reason}`,
  )
  const lines = [...byReason].map(([reason, runs]) => `- ${markdownText(`${places(runs)}: ${reason}`)}`)
  return lines.length === 0 ? [] : [lines.join('\n')]
}

/** For example `single on Linux, Node 22; Linux, Node 24`: each backend once. */
function places(columns: readonly Column[]): string {
  const byPlatforms = Map.groupBy(
    Map.groupBy(columns, ({ cell }) => cell.backend),
    ([, runs]) => runs.map(({ cell }) => cell.platform).join('; '),
  )
  return [...byPlatforms]
    .map(([platforms, backends]) => `${backends.map(([backend]) => backend).join(', ')} on ${platforms}`)
    .join('. ')
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
  return ['## What is refused', ...told.map(([text, runs]) => `${markdownText(places(runs))}:\n\n${text}`)]
}

/** The clients, once for all runs that had the same. */
function lookers(cells: readonly MatrixCell[]): string[] {
  const sets = new Set(cells.flatMap(({ report }) => (report ? [ranWith(report)] : [])))
  return [...sets].map((clients) => `Seen by ${markdownText(clients)}.`)
}
