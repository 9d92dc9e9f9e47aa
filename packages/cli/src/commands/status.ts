import { findServers, selectServer, throwFaults } from '@lockstep/core'
import { renderStatus } from '../render/status.ts'
import type { Command } from './command.ts'
import { selectionFlags, selectionOf } from './selection.ts'

export const statusCommand: Command = {
  name: 'status',
  summary: 'Show the running servers of this user, or one of them.',
  positionals: [],
  flags: { ...selectionFlags, json: { takesValue: false, summary: 'Write the status as JSON: an array.' } },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const selection = selectionOf(line)
    const found = await findServers(selection)
    const isSelective = selection.pid !== undefined || selection.name !== undefined
    const servers = (isSelective ? [selectServer(found, selection)] : found).map(({ status }) => status)
    output.out(
      line.commandFlags.has('json') ? `${JSON.stringify(servers, null, 2)}\n` : renderStatus(servers),
    )
    return 0
  },
}
