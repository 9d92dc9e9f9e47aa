import { throwFaults } from '@lockstep/core/internal'
import type { Command } from '../command.ts'
import { selectedServer, selectionFlags } from '../selection.ts'
import { progressOf } from '../verb-progress.ts'

export const stopCommand: Command = {
  name: 'stop',
  summary: 'Stop a running server after its requests in flight have ended. Returns when it has stopped.',
  positionals: [],
  flags: {
    ...selectionFlags,
    force: {
      takesValue: false,
      summary: 'Close every connection at once. Run `lockstep stop` again to kill what is left.',
    },
  },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const server = await selectedServer(line, output)
    await server.stop({
      force: line.commandFlags.has('force'),
      onProgress: progressOf(line, output),
    })
    output.out(`stopped ${server.status.pid}\n`)
    return 0
  },
}
