import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SuiteReport } from '@lockstep/conformance'
import { LaunchError, whyFileFails } from '@lockstep/core/internal'
import type { Suite } from './load-suite.ts'

/** Makes the folder of a report, before a run whose results would be lost without it. Throws `LOCKSTEP_ERR_REPORT_FILE`. */
export function makeReportFolder(folder: string): void {
  writing(folder, () => mkdirSync(folder, { recursive: true }))
}

/**
 * Writes the report of a run, and what is rendered from it. Returns the path of the JSON file, from which all else is made. Throws
 * `LOCKSTEP_ERR_REPORT_FILE`.
 */
export function writeReport(
  folder: string,
  { report, suite }: { report: SuiteReport; suite: Suite },
): string {
  const { conformanceCases, renderHtml, renderJUnit, renderMarkdown, reportCell } = suite
  const cells = [reportCell(report)]
  const files = {
    'results.json': `${JSON.stringify(report, null, 2)}\n`,
    'index.html': renderHtml(cells, conformanceCases),
    'results.md': renderMarkdown(cells, conformanceCases, 'index.html'),
    'junit.xml': renderJUnit(cells),
  }
  writing(folder, () => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  })
  return join(folder, 'results.json')
}

function writing(folder: string, write: () => void): void {
  try {
    write()
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_REPORT_FILE',
      message: `The report cannot be written to ${folder}: ${whyFileFails(cause)}.`,
      hint: 'Name a folder with --report that this user may write to.',
      source: '--report',
      cause,
    })
  }
}
