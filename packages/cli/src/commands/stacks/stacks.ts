import { throwFaults } from '@lockstep/core/internal'
import { resultJson } from '../../json/write-json.ts'
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
    const stacks = await (await selectedServer(line)).stacks()
    output.out(line.report.asJson ? resultJson('stacks', { workers: stacks }) : renderStacks(stacks))
    return 0
  },
}
