import { type LaunchHandle, visibleFacts, visibleLines } from '@lockstep/core'
import { columns } from '../../render/columns.ts'
import { style } from '../../render/style.ts'

/** What `check` found, when all is well. */
export function renderChecks(handle: LaunchHandle, warnings: readonly string[]): string {
  const { backend, reason } = handle.status()
  const endpoints = visibleFacts(handle.verification?.endpoints ?? [])
  const checks = endpoints.flatMap((endpoint) =>
    endpoint.checks.map(({ name, observed }): [string, string] => [
      `${style('green', '✓')} ${name}`,
      observed,
    ]),
  )
  return `${style('green', '✓')} The app loads and would be served by ${backend} (${reason}). Probed on a private port:\n${columns(checks)}\n${warnings.map((warning) => `${style('yellow', '!')} ${visibleLines(warning)}\n`).join('')}`
}
