import { type CaseResult, type CaseStatus, hasFailed } from '@lockstep/conformance'
import { style } from './style.ts'

const marks: Readonly<Record<CaseStatus, string>> = {
  pass: style('green', '✓'),
  fail: style('red', '✗'),
  'refused as declared': style('yellow', '–'),
  'not observed': style('yellow', '?'),
  'harness error': style('red', '!'),
}

/** One line a case, with the reason below it unless it passed. */
export function renderResult({ id, status, detail, durationMs }: CaseResult): string {
  const reason = status === 'pass' ? '' : `\n    ${status}: ${detail.split('\n').join('\n    ')}`
  return `${marks[status]} ${id} ${style('dim', `${durationMs} ms`)}${reason}\n`
}

export function renderSummary(results: readonly CaseResult[]): string {
  const counts = Map.groupBy(results, ({ status }) => status)
  const parts = [...counts].map(([status, cases]) => `${cases.length} ${status}`)
  const verdict = results.some(hasFailed) ? style('red', 'falls short') : style('green', 'conforms')
  return `\n${results.length} cases: ${parts.join(', ')}: ${verdict}\n`
}
