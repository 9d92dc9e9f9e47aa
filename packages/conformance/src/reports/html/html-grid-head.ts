import type { Column } from '../matrix-view.ts'
import { statusViews } from '../status-views.ts'
import { html, type Markup } from './markup.ts'

/** The head of the grid: the platforms, below each its backends, and below each of those its counts. */
export function htmlGridHead(columns: readonly Column[]): Markup {
  return html`<thead class="heads">
<tr><th rowspan="2" scope="col" class="corner">Case</th>${neighbours(columns).map(
    ([first, ...others]) =>
      html`<th scope="colgroup" colspan="${others.length + 1}" class="platform">${first.cell.platform}</th>`,
  )}</tr>
<tr>${columns.map(backendHead)}</tr>
</thead>`
}

function backendHead({ cell, counts }: Column): Markup {
  if (!cell.report)
    return html`<th scope="col" class="backend">${cell.backend}<small class="reason">${cell.state}: ${cell.reason ?? ''}</small></th>`
  return html`<th scope="col" class="backend">${cell.backend}<small class="counts">${counts.map(
    ({ status, cases }) =>
      html`<span class="text-${statusViews[status].tone}"><span aria-hidden="true">${statusViews[status].mark} </span>${cases}<span class="spoken"> ${status}</span></span>`,
  )}</small></th>`
}

/** Adjacent columns of one platform share its heading. */
function neighbours(columns: readonly Column[]): [Column, ...Column[]][] {
  const runs: [Column, ...Column[]][] = []
  for (const column of columns) {
    const last = runs.at(-1)
    if (last?.[0].cell.platform === column.cell.platform) last.push(column)
    else runs.push([column])
  }
  return runs
}
