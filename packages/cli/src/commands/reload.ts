import { throwFaults } from '@lockstep/core'
import { renderReload } from '../render/reload.ts'
import type { Command } from './command.ts'
import { selectedServer, selectionFlags } from './selection.ts'

export const reloadCommand: Command = {
  name: 'reload',
  summary: 'Have a running server read its certificate and TLS settings again, and wait for the result.',
  positionals: [],
  flags: { ...selectionFlags, json: { takesValue: false, summary: 'Write the result as JSON.' } },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const result = await (await selectedServer(line)).reload()
    output.out(line.commandFlags.has('json') ? `${JSON.stringify(result, null, 2)}\n` : renderReload(result))
    return 0
  },
}
