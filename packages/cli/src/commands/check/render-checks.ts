import {
  type LaunchHandle,
  type VerificationCheck,
  visibleFacts,
  visibleLines,
} from '@lockstep/core/internal'
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
      seen({ name, expected, observed }),
    ]),
  )
  const title = doneLine(
    `The app loads and would be served by ${backend} (${reason}). Tested on a temporary port:`,
  )
  const notes = warnings.map((warning) => warningLine(visibleLines(warning)))
  return `${title}${columns(checks)}\n${notes.join('')}`
}

/** What a client saw, where the result alone would not say what was asked. */
function seen({
  name,
  expected,
  observed,
}: Pick<VerificationCheck, 'name' | 'expected' | 'observed'>): string {
  switch (name) {
    case 'versions':
      return `the same certificate under ${/\((.+)\)$/.exec(observed)?.[1] ?? observed}`
    case 'alpn':
      return `${observed} for a client that offers it alone`
    case 'alpn-h2':
    case 'alpn-http1':
      return expected.startsWith('no ')
        ? `${expected}, which tls.protocols leaves out: ${observed}`
        : observed
    default:
      // "refused" alone reads like something that went wrong.
      return expected.startsWith('no ') ? `${expected}: ${observed}` : observed
  }
}
