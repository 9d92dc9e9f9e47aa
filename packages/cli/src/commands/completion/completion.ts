import { LaunchError, suggestion } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
import type { Command } from '../command.ts'
import { jsonFlag } from '../verb-progress.ts'
import { type Shell, shells } from './shells.ts'

export const completionCommand: Command = {
  name: 'completion',
  summary: 'Print the script that completes command lines in a shell: bash, zsh, fish or powershell.',
  positionals: ['<SHELL>'],
  takesOptions: false,
  flags: jsonFlag,
  // Loaded when it is asked for: no server pays for it.
  async run(line, output) {
    const shell = shellOf(line.positionals[0])
    const [{ completionModel }, { writeScript }] = await Promise.all([
      import('./completion-model.ts'),
      import('./write-script.ts'),
    ])
    const script = writeScript(shell, completionModel(line.commands, line.brand))
    output.out(line.report.asJson ? resultJson('completion', { shell, script }) : script)
    return 0
  },
}

function shellOf(given: string | undefined): Shell {
  const shell = shells.find((name) => name === given)
  if (shell) return shell
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message:
      given === undefined ? 'Missing argument: the shell.' : `"${given}" is not a shell that is known here.`,
    hint: suggestion(given ?? '', shells, `Choose one of ${shells.join(', ')}.`),
  })
}
