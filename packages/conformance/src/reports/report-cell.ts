import { judgeRun } from '../profile/judge-run.ts'
import type { MatrixCell, SuiteReport } from '../run/report.ts'

/** One run by itself, as a matrix of one cell. */
export function reportCell(report: SuiteReport): MatrixCell {
  return {
    platform: `${systems[report.platform] ?? report.platform}, Node ${/\d+/.exec(report.node)?.[0] ?? report.node}`,
    backend: report.backend,
    state: judgeRun(report.results).state,
    reason: null,
    report,
  }
}

const systems: Readonly<Record<string, string>> = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' }
