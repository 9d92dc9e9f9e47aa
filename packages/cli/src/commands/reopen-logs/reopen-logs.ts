import { throwFaults } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import type { Command } from '../command.ts'
import { selectedServer, selectionFlags } from '../selection.ts'
import { jsonFlag } from '../verb-progress.ts'
import { renderReopenedLogs } from './render-reopened-logs.ts'

export const reopenLogsCommand: Command = {
  name: 'reopen-logs',
  summary: 'Reopen the access log and the key log of a running server, after they were renamed.',
  positionals: [],
  flags: { ...selectionFlags, ...jsonFlag },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const server = await selectedServer(line)
    const reopened = await server.reopenLogs()
    output.out(line.report.asJson ? resultJson('reopen-logs', reopened) : renderReopenedLogs(reopened))
    return 0
  },
}
