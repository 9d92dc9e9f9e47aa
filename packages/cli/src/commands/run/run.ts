import type { Command } from '../command.ts'
import { prepareFromLine, sourceFlags } from '../prepare.ts'
import { runLaunch } from './run-launch.ts'

export const runCommand: Command = {
  name: 'run',
  summary: 'Start an app. The default command.',
  positionals: ['[APP]'],
  flags: sourceFlags,
  takesOptions: true,
  run: (line, output) => runLaunch(() => prepareFromLine(line), output),
}
