import { LaunchError, throwFaults } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import { doneLine } from '../../render/result-lines.ts'
import type { Command } from '../command.ts'
import { selectedServer, selectionFlags } from '../selection.ts'
import { jsonFlag, progressOf } from '../verb-progress.ts'

export const scaleCommand: Command = {
  name: 'scale',
  summary: 'Change the number of workers of a running server: to a number, or by +1 or -1.',
  positionals: ['<WORKERS>'],
  flags: { ...selectionFlags, ...jsonFlag },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const [asked] = line.positionals
    if (asked === undefined)
      throw new LaunchError({
        code: 'LOCKSTEP_ERR_SCALE_REFUSED',
        message: 'Missing argument: number of workers.',
        hint: 'For example `lockstep scale 4`, `lockstep scale +1`, or `lockstep scale -- -1`.',
      })
    const server = await selectedServer(line)
    const workers = await server.scale(asked, { onProgress: progressOf(line, output) })
    output.out(
      line.report.asJson
        ? resultJson('scale', { workers })
        : doneLine(`The server has ${workers} ${workers === 1 ? 'worker' : 'workers'}.`),
    )
    return 0
  },
}
