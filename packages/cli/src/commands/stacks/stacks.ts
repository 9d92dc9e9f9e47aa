import { throwFaults, visibleJson } from '@lockstep/core/internal'
import type { Command } from '../command.ts'
import { selectedServer, selectionFlags } from '../selection.ts'
import { jsonFlag } from '../verb-progress.ts'
import { renderStacks } from './render-stacks.ts'

export const stacksCommand: Command = {
  name: 'stacks',
  summary: 'Show the call stack of each worker of a running server, even of one that blocks its event loop.',
  positionals: [],
  flags: { ...selectionFlags, ...jsonFlag },
  takesOptions: false,
  async run(line, output) {
    throwFaults(line.faults)
    const stacks = await (await selectedServer(line, output)).stacks()
    output.out(line.commandFlags.has('json') ? `${visibleJson(stacks, 2)}\n` : renderStacks(stacks))
    return 0
  },
}
