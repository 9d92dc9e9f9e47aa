import type { Column, Mark, MatrixView, Row } from '../matrix-view.ts'
import { statusViews } from '../status-views.ts'
import { htmlGridHead } from './html-grid-head.ts'
import { html, type Markup } from './markup.ts'

/** The grid: a row for each case, in groups, and a column for each cell of the matrix. */
export function htmlGrid({ columns, groups }: MatrixView): Markup {
  const rows = groups.flatMap((group) => group.rows)
  return html`<div class="scroller" role="region" aria-label="Cases and runs" tabindex="0">
<table id="grid" class="grid">
${htmlGridHead(columns)}
${groups.map(
  (group) => html`<tbody>
<tr class="group"><th scope="rowgroup" class="group-name" colspan="${columns.length + 1}"><span>${group.name} <small>${group.rows.length}</small></span></th></tr>
${group.rows.map((row) => gridRow(row, { number: rows.indexOf(row), columns }))}
</tbody>`,
)}
</table>
<p id="nothing" class="nothing" hidden>No case matches.</p>
</div>`
}

function gridRow(
  { id, described, marks }: Row,
  { number, columns }: { number: number; columns: readonly Column[] },
): Markup {
  const group = id.slice(0, id.indexOf('/') + 1)
  const green = marks.every((mark) => mark === null || mark.status === 'pass')
  return html`<tr class="case${green ? ' all-green' : ''}"><th scope="row" class="case-name"><code><span class="spoken">${group}</span>${id.slice(group.length)}</code><span class="requirement">${described?.requirement ?? ''}</span></th>${columns.map(
    (column, index) => gridCell(marks[index] ?? null, { id, column, place: `${number}.${index}` }),
  )}</tr>
`
}

function gridCell(
  mark: Mark | null,
  { id, column, place }: { id: string; column: Column; place: string },
): Markup {
  if (!mark) return html`<td class="cell${column.cell.report ? '' : ' not-run'}"></td>`
  const view = statusViews[mark.status]
  const unseen = mark.unseen > 0 ? `, ${mark.unseen} observations not made` : ''
  return html`<td class="cell"><button class="mark ${view.tone}${unseen ? ' unseen' : ''}" data-at="${place}" aria-haspopup="dialog" aria-label="${id}, ${column.name}: ${mark.status}${unseen}">${view.mark}</button></td>`
}
