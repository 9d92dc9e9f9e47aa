import { throwFaults } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import { doneLine } from '../../render/result-lines.ts'
import type { Command } from '../command.ts'
import { selectedServer, selectionFlags } from '../selection.ts'
import { jsonFlag, progressOf } from '../verb-progress.ts'

export const stopCommand: Command = {
  name: 'stop',
  summary: 'Stop a running server after its requests in flight have ended. Returns when it has stopped.',
  positionals: [],
  flags: {
    ...selectionFlags,
    ...jsonFlag,
    force: {
      takesValue: false,
      summary: 'Close every connection at once. Run `lockstep stop` again to kill what is left.',
    },
  },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const server = await selectedServer(line)
    await server.stop({
      force: line.commandFlags.has('force'),
      onProgress: progressOf(line, output),
    })
    const { pid } = server.status
    output.out(
      line.report.asJson ? resultJson('stop', { pid }) : doneLine(`The server has stopped, process ${pid}.`),
    )
    return 0
  },
}
