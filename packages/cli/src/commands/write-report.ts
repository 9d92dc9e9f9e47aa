import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  conformanceCases,
  renderHtml,
  renderJUnit,
  renderMarkdown,
  reportCell,
  type SuiteReport,
} from '@lockstep/conformance'

/** Writes the report of a run, and what is rendered from it. Returns the path of the JSON file, from which all else is made. */
export function writeReport(folder: string, report: SuiteReport): string {
  const cells = [reportCell(report)]
  const files = {
    'results.json': `${JSON.stringify(report, null, 2)}\n`,
    'index.html': renderHtml(cells, conformanceCases),
    'results.md': renderMarkdown(cells, conformanceCases),
    'junit.xml': renderJUnit(cells),
  }
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return join(folder, 'results.json')
}
