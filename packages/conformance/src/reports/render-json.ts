import { hasFailed } from '../run/case-result.ts'
import type { MatrixCell } from '../run/report.ts'
import { findingsIn } from './findings.ts'
import { type Column, type DescribedCase, type Row, viewMatrix } from './matrix-view.ts'
import { statuses, statusViews } from './status-views.ts'
import { visibleText } from './visible-text.ts'

/** Counts up when a reader of the file has to change. */
const version = 1

/** A detail may quote whole answers: its beginning says enough, and the report of the run has the rest. */
const longestDetail = 500

/**
 * Every case of the matrix as JSON, for programs and for a table that can be searched: `runs`, and `cases` with the numbers of the
 * runs by their status. A case is one line, so that a comparison shows which case has changed.
 */
export function renderJson(cells: readonly MatrixCell[], cases: readonly DescribedCase[]): string {
  const { columns, groups } = viewMatrix(cells, cases)
  const rows = groups.flatMap((group) => group.rows)
  const parts = [
    `"version": ${version}`,
    `"statuses": ${JSON.stringify(statusViews)}`,
    `"runs": ${list(columns.map(runEntry))}`,
    `"cases": ${list(rows.map(caseEntry))}`,
  ]
  return `{\n${parts.join(',\n')}\n}\n`
}

function list(entries: readonly object[]): string {
  return `[\n${entries.map((entry) => JSON.stringify(entry, visible)).join(',\n')}\n]`
}

function visible(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? visibleText(value) : value
}

function runEntry({ name, cell: { platform, backend, state, reason, report }, counts }: Column): object {
  const head = { name, platform, backend, state, reason }
  if (!report) return head
  const { runtime, arch, lockstep, clients, startedAt, durationMs } = report
  return {
    ...head,
    ...{ system: report.platform, arch, runtime, lockstep, startedAt, durationMs },
    clients: Object.fromEntries(Object.entries(clients).map(([client, of]) => [visibleText(client), of])),
    counts: Object.fromEntries(counts.map(({ status, cases }) => [status, cases])),
    failed: report.results.filter(hasFailed).length,
  }
}

function caseEntry(row: Row): object {
  const { id, described, marks } = row
  const runsWith = (status: string): number[] =>
    marks.flatMap((mark, index) => (mark?.status === status ? [index] : []))
  const found = findingsIn([row]).map(({ status, detail, where }) => ({
    status,
    detail: detail.length > longestDetail ? `${detail.slice(0, longestDetail)} …` : detail,
    runs: [...where.keys()],
    doors: [...new Set([...where.values()].flatMap((doors) => [...doors]))],
  }))
  return {
    id,
    level: described?.level ?? null,
    requirement: described?.requirement ?? null,
    source: described?.source ?? null,
    results: Object.fromEntries(
      statuses.map((status) => [status, runsWith(status)]).filter(([, runs]) => (runs ?? []).length > 0),
    ),
    ...(found.length > 0 ? { found } : {}),
  }
}
