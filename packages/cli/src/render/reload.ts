import type { ToldReload } from '@lockstep/core'
import { columns } from './columns.ts'
import { style } from './style.ts'

/** What came of a reload, for people. */
export function renderReload({
  changed,
  before,
  after,
  workers,
  acknowledgedMs,
  sessionsKept,
  verification,
}: ToldReload): string {
  if (!changed) return `${style('green', '✓')} Nothing has changed.\n`
  const count = `${workers} ${workers === 1 ? 'worker' : 'workers'}`
  return `${style('green', '✓')} In use by ${count}, ${acknowledgedMs} ms after it was read and checked.\n${columns(
    [
      ['before', `${before?.fingerprint256}, expires ${before?.notAfter.slice(0, 10)}`],
      ['now', `${after?.fingerprint256}, expires ${after?.notAfter.slice(0, 10)}`],
      ['sessions', sessionsKept ? 'kept' : 'ended, since more than the certificate has changed'],
      ['verified', verification ? `on the wire, in ${verification.durationMs} ms` : 'no'],
    ],
  )}\n`
}
