import { LaunchError, throwFaults } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import { doneLine } from '../../render/result-lines.ts'
import type { Command } from '../command.ts'
import { selectedServer, selectionFlags } from '../selection.ts'
import { jsonFlag, progressOf } from '../verb-progress.ts'

export const restartCommand: Command = {
  name: 'restart',
  summary: 'Replace one worker of a running server: the new one is ready before the old one drains.',
  positionals: ['<WORKER>'],
  flags: { ...selectionFlags, ...jsonFlag },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const [asked] = line.positionals
    if (asked === undefined || !/^\d{1,6}$/.test(asked))
      throw new LaunchError({
        code: 'LOCKSTEP_ERR_WORKER_UNKNOWN',
        message:
          asked === undefined
            ? 'The number of the worker is missing.'
            : `"${asked}" is not the number of a worker.`,
        hint: '`lockstep status` shows them. To replace all, use `lockstep reload`.',
      })
    const server = await selectedServer(line)
    await server.restart(Number(asked), { onProgress: progressOf(line, output) })
    output.out(
      line.report.asJson
        ? resultJson('restart', { worker: Number(asked) })
        : doneLine(`Worker ${asked} was replaced.`),
    )
    return 0
  },
}
