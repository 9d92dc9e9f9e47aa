import { judgeRun } from '../../profile/judge-run.ts'
import { missingLines, refusedLines } from '../../profile/verdict-text.ts'
import { hasFailed } from '../../run/case-result.ts'
import type { Column, MatrixView } from '../matrix-view.ts'
import { ranAt, ranFor, ranOn, ranWith } from '../run-facts.ts'
import { statuses, statusViews } from '../status-views.ts'
import { html, type Markup } from './markup.ts'

/** The part above the grid: the verdict, when and on what it was run, the legend, and the tools. */
export function htmlIntroduction(view: MatrixView): Markup {
  return html`<header>
<p class="name">lockstep</p>
<h1>Conformance</h1>
${verdict(view)}
${legend(view)}
<p class="what">${summary(view)}</p>
${refusals(view)}
${runs(view)}
</header>
<div class="tools" hidden>
<label>Filter <input id="filter" type="search" placeholder="tls, drain, cipher …" autocomplete="off" spellcheck="false"></label>
<label><input id="not-green" type="checkbox"> Show only what is not green</label>
<output id="shown" aria-live="polite"></output>
</div>`
}

function verdict({ columns }: MatrixView): Markup {
  const run = columns.filter(({ cell }) => cell.state !== 'not run')
  const short = run.filter(({ cell }) => cell.state === 'falls short')
  const below = run.filter(({ cell }) => cell.state === 'below the minimum')
  if (run.length === 0) return html`<p class="verdict grey">Nothing was run</p>`
  if (short.length === 0 && below.length > 0)
    return html`<p class="verdict red">✗ ${run.length === 1 ? 'Below the minimum' : `${below.length} of ${run.length} runs are below the minimum`}</p>`
  if (run.every(({ cell }) => cell.state === 'part'))
    return html`<p class="verdict grey">Nothing fell short in this part of the suite</p>`
  if (short.length === 0)
    return html`<p class="verdict green">✓ ${run.length === 1 ? 'Conforms' : `All ${run.length} runs conform`}</p>`
  return html`<p class="verdict red">✗ ${run.length === 1 ? 'Falls short' : `${short.length} of ${run.length} runs fall short`}</p>`
}

function summary({ columns, groups }: MatrixView): string {
  const cases = groups.reduce((sum, { rows }) => sum + rows.length, 0)
  const backends = [...new Set(columns.map(({ cell }) => cell.backend))]
  const reports = columns.flatMap(({ cell }) => cell.report ?? [])
  const doors = new Set(reports.flatMap(({ results }) => results.map(({ door }) => door)))
  const days = [...new Set(reports.map(({ startedAt }) => startedAt.slice(0, 10)))].sort()
  const when = days.length > 0 ? `, run on ${[...new Set([days[0], days.at(-1)])].join(' to ')}` : ''
  return `${backends.join(' and ')}: ${counted(cases, 'case')} through ${counted(doors.size, 'door')}, seen from outside and over the wire${when}.`
}

/** What each run refuses, the minimum first. The same in several runs is listed once. */
function refusals({ columns }: MatrixView): Markup | string {
  const byText = Map.groupBy(
    columns.flatMap(({ name, cell }) => {
      if (!cell.report) return []
      const verdict = cell.report.verdict ?? judgeRun(cell.report.results)
      const text = [...missingLines(verdict), ...refusedLines(verdict)]
      return text.length === 0 ? [] : [{ name, text }]
    }),
    ({ text }) => text.join('\n'),
  )
  if (byText.size === 0) return ''
  return html`<details class="runs"><summary>What is refused</summary>
${[...byText.values()].map(
  (runs) =>
    html`<p>${runs.map(({ name }) => name).join('; ')}</p><ul>${(runs[0]?.text ?? []).map((text) => html`<li>${text}</li>`)}</ul>`,
)}
</details>`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function runs({ columns }: MatrixView): Markup {
  return html`<details class="runs"><summary>What it was run on</summary>
<div class="wide" role="region" aria-label="The runs" tabindex="0"><table>
<thead><tr><th scope="col">Run</th><th scope="col">Result</th><th scope="col">On</th><th scope="col">Lockstep</th><th scope="col">Clients</th><th scope="col">When</th></tr></thead>
<tbody>${columns.map(runRow)}</tbody>
</table></div></details>`
}

function runRow({ name, cell, counts }: Column): Markup {
  const { state, reason, report } = cell
  const head = html`<th scope="row">${name}</th>`
  if (!report) return html`<tr>${head}<td colspan="5">${state}: ${reason ?? 'no reason is known'}</td></tr>`
  const words = counts.map(({ status, cases }) => `${cases} ${status}`).join(', ')
  const failed = report.results.filter(hasFailed).length
  return html`<tr>${head}<td>${state}: ${words}${failed > 0 ? ` (${failed} of ${report.results.length} through all doors)` : ''}</td>
<td>${ranOn(report)}</td><td>${report.lockstep}</td><td>${ranWith(report)}</td><td>${ranAt(report)}, ${ranFor(report)}</td></tr>`
}

/** Only of the statuses that occur. */
function legend({ columns, groups }: MatrixView): Markup {
  const occurring = new Set(columns.flatMap(({ counts }) => counts.map(({ status }) => status)))
  const entries = statuses
    .filter((status) => occurring.has(status))
    .map((status) => {
      const { mark, tone } = statusViews[status]
      return html`<li title="${statusViews[status].meaning}"><span class="mark ${tone}" aria-hidden="true">${mark}</span> ${status}</li>`
    })
  const unseen = groups.some(({ rows }) =>
    rows.some(({ marks }) => marks.some((mark) => mark && mark.unseen > 0)),
  )
  const dot = html`<li><span class="mark grey unseen" aria-hidden="true"></span> a client is missing</li>`
  return html`<ul class="legend" aria-label="Legend">${entries}${unseen ? [dot] : []}</ul>`
}
