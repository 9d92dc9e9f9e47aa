import type { PreparedLaunch } from '@lockstep/core/internal'
import type { Command } from '../command.ts'
import { prepareFromLine, sourceFlags } from '../prepare.ts'
import { runLaunch } from '../run/run.ts'

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Serve the files of a folder.',
  positionals: ['[DIR]'],
  rest: '',
  flags: sourceFlags,
  takesOptions: true,
  // Of apps, and of programs.
  neverHonours: ['app', 'import', 'interface', 'waitReady', 'shutdownWithMessage'],
  async run(line, output) {
    return runLaunch(
      async (signal) => withFolder(await prepareFromLine(line, { first: 'static.directory', signal })),
      { line, output },
    )
  },
}

/** Here a missing folder is not a missing app. */
function withFolder(prepared: PreparedLaunch): PreparedLaunch {
  return {
    ...prepared,
    faults: prepared.faults.map((fault) =>
      fault.code === 'LOCKSTEP_ERR_APP_MISSING'
        ? {
            ...fault,
            message: 'Missing argument: the folder.',
            hint: 'Name it, as in `lockstep serve ./public`, or set `static.directory` in lockstep.config.ts.',
          }
        : fault,
    ),
  }
}
