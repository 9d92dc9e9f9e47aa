import type { Command } from '../command.ts'
import { prepareFromLine, sourceFlags } from '../prepare.ts'
import { runLaunch } from '../run/run.ts'

export const execCommand: Command = {
  name: 'exec',
  summary: 'Start a program in any language, and serve in front of it.',
  positionals: [],
  rest: '-- PROGRAM [ARGS]',
  flags: sourceFlags,
  takesOptions: true,
  // Of Node apps, and what the launcher can't see of a program.
  neverHonours: [
    'app',
    'import',
    'static.directory',
    'static.single',
    'interface',
    'waitReady',
    'shutdownWithMessage',
    'timeouts.hang',
    'recycle.maxRequests',
    'recycle.maxRequestsJitter',
    'recycle.memory',
    'recycle.heap',
  ],
  run: (line, output) =>
    runLaunch((signal) => prepareFromLine(line, { rest: 'command', signal }), { line, output }),
}
