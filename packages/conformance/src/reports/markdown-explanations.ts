import { doorNames } from '../subject/door.ts'
import { type Finding, findingsIn } from './findings.ts'
import { markdownTable } from './markdown-table.ts'
import { markdownCode, markdownText } from './markdown-text.ts'
import type { Column, MatrixView } from './matrix-view.ts'
import { statusViews } from './status-views.ts'

/**
 * What was found wherever a case neither passed nor was refused as declared, the worst first. What is refused has a section by options,
 * which is shorter than one by cases.
 */
export function renderExplanations(columns: readonly Column[], groups: MatrixView['groups']): string[] {
  const found = findingsIn(groups.flatMap(({ rows }) => rows))
  const impossible = found.filter(({ status }) => status === 'not on this platform')
  const odd = found.filter(({ status }) => !['refused as declared', 'not on this platform'].includes(status))
  const unseen = unseenIn(columns)
  return [
    ...(impossible.length > 0 ? ['## What cannot exist on a platform', impossibleList(impossible)] : []),
    ...(odd.length + unseen.length > 0 ? ['## What else was found'] : []),
    ...unseen,
    ...(odd.length > 0
      ? [
          markdownTable(
            ['', 'case', 'where', 'what was found'],
            odd.map((one) => findingRow(one, columns)),
          ),
        ]
      : []),
  ]
}

/** By the reason, which many cases share. */
function impossibleList(found: readonly Finding[]): string {
  const byReason = Map.groupBy(found, ({ detail }) => detail)
  return [...byReason]
    .map(([reason, cases]) => {
      const ids = new Set(cases.map(({ id }) => id))
      return `- ${markdownText(reason)}: ${[...ids].map(markdownCode).join(', ')}`
    })
    .join('\n')
}

/** A detail may quote whole answers: its beginning says enough, and the JSON has the rest. */
const longestDetail = 300

function findingRow({ id, status, detail, where }: Finding, columns: readonly Column[]): string[] {
  const places = placesOf(where, columns)
  const [text, ...more] = [detail.slice(0, longestDetail), ...(detail.length > longestDetail ? ['…'] : [])]
  return [
    statusViews[status].mark,
    markdownCode(id),
    markdownText(places.join('; ')),
    markdownText(`${status}: ${[text, ...more].join(' ')}`),
  ]
}

/** A backend alone where it is so on every platform on which it was run, with the doors unless they are all of them. */
function placesOf(where: Finding['where'], columns: readonly Column[]): string[] {
  const byBackend = Map.groupBy(where, ([index]) => columns[index]?.cell.backend ?? '')
  return [...byBackend].flatMap(([backend, found]) => {
    const runs = columns.filter(({ cell }) => cell.backend === backend && cell.report).length
    const doorSets = new Set(found.map(([, doors]) => doorsIn(doors)))
    return found.length === runs && runs > 1 && doorSets.size === 1
      ? [`${backend}${[...doorSets].join()}`]
      : found.map(([index, doors]) => `${columns[index]?.name}${doorsIn(doors)}`)
  })
}

function doorsIn(doors: ReadonlySet<string>): string {
  return doors.size === doorNames.length ? '' : ` (${[...doors].join(', ')})`
}

/** Observations that a missing client could not make, though the case passed by the others. */
function unseenIn(columns: readonly Column[]): string[] {
  const reasons = columns.flatMap(({ name, cell }) =>
    (cell.report?.results ?? [])
      .flatMap(({ observations }) => observations)
      .filter(({ outcome }) => outcome === 'not observed')
      .map(({ reason }) => `${name}: ${reason}`),
  )
  const counted = Map.groupBy(reasons, (reason) => reason)
  return [...counted].map(
    ([reason, all]) => `${all.length} observations were not made. ${markdownText(reason)}.`,
  )
}
