import { doorNames } from '../subject/door.ts'
import { markdownTable } from './markdown-table.ts'
import { markdownCode, markdownText } from './markdown-text.ts'
import type { Column, MatrixView } from './matrix-view.ts'
import { statuses, statusViews } from './status-views.ts'

/** What was found wherever a case did not simply pass, the worst first; the same finding in several runs is listed once. */
export function renderExplanations(columns: readonly Column[], groups: MatrixView['groups']): string[] {
  const found = findings(groups)
  const unseen = unseenIn(columns)
  return [
    ...(found.length + unseen.length > 0 ? ['## What the other marks mean'] : []),
    ...unseen,
    ...(found.length > 0
      ? [
          markdownTable(
            ['', 'case', 'where', 'what was found'],
            found.map((one) => findingRow(one, columns)),
          ),
        ]
      : []),
  ]
}

interface Finding {
  readonly id: string
  readonly status: (typeof statuses)[number]
  readonly detail: string
  /** The columns by their index, each with its doors. */
  readonly where: Map<number, Set<string>>
}

function findings(groups: MatrixView['groups']): Finding[] {
  const found = new Map<string, Finding>()
  for (const { id, marks } of groups.flatMap(({ rows }) => rows)) {
    for (const [index, mark] of marks.entries()) {
      for (const { status, detail, door } of mark?.results ?? []) {
        if (status === 'pass') continue
        const key = JSON.stringify([id, status, detail])
        const finding = found.get(key) ?? { id, status, detail, where: new Map<number, Set<string>>() }
        finding.where.set(index, (finding.where.get(index) ?? new Set<string>()).add(door))
        found.set(key, finding)
      }
    }
  }
  return [...found.values()].sort(
    (left, right) => statuses.indexOf(right.status) - statuses.indexOf(left.status),
  )
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
