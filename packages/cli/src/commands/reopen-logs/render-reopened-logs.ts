import { type ReopenedLogs, visibleText } from '@lockstep/core/internal'
import { doneLine, noteLine } from '../../render/result-lines.ts'

/** The result of reopening logs, for people. */
export function renderReopenedLogs({ files, processes, draining }: ReopenedLogs): string {
  if (files.length === 0) return noteLine('This server writes no log to a file.')
  const count = `${processes} ${processes === 1 ? 'process' : 'processes'}`
  // They are not among the workers that a reload or `lockstep ps` counts.
  const leaving = draining === 0 ? '' : ` (${draining} of them ${draining === 1 ? 'drains' : 'drain'})`
  return files
    .map((file) => doneLine(`${visibleText(file)} was opened again by ${count}${leaving}.`))
    .join('')
}
