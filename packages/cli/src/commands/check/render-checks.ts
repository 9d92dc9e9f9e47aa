import { type LaunchHandle, visibleFacts, visibleLines } from '@lockstep/core/internal'
import { columns } from '../../render/columns.ts'
import { doneLine, warningLine } from '../../render/result-lines.ts'
import { style } from '../../render/style.ts'

/** What `check` found, when all is well. */
export function renderChecks(handle: LaunchHandle, warnings: readonly string[]): string {
  const { backend, reason } = handle.status()
  const endpoints = visibleFacts(handle.verification?.endpoints ?? [])
  const checks = endpoints.flatMap((endpoint) =>
    endpoint.checks.map(({ name, expected, observed }): [string, string] => [
      `${style('green', '✓')} ${name}`,
      // "refused" alone reads like something that went wrong.
      expected.startsWith('no ') ? `${expected}: ${observed}` : observed,
    ]),
  )
  const title = doneLine(
    `The app loads and would be served by ${backend} (${reason}). Tested on a temporary port:`,
  )
  const notes = warnings.map((warning) => warningLine(visibleLines(warning)))
  return `${title}${columns(checks)}\n${notes.join('')}`
}
