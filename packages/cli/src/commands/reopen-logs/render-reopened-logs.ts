import { type ReopenedLogs, visibleText } from '@lockstep/core/internal'
import { style } from '../../render/style.ts'

/** The result of reopening logs, for people. */
export function renderReopenedLogs({ files, processes }: ReopenedLogs): string {
  if (files.length === 0) return `${style('yellow', '·')} This server writes no log to a file.\n`
  const count = `${processes} ${processes === 1 ? 'process' : 'processes'}`
  return files
    .map((file) => `${style('green', '✓')} ${visibleText(file)} was opened again by ${count}.\n`)
    .join('')
}
