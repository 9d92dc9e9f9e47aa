import { LaunchError, visibleJson } from '@lockstep/core/internal'
import { renderFaults } from '../../render/faults.ts'
import type { Command } from '../command.ts'
import { execFlag, prepareFromLine, sourceFlags } from '../prepare.ts'
import { planFacts, renderPlan } from './render-plan.ts'

export const planCommand: Command = {
  name: 'plan',
  summary:
    'Show each option with its value, where it was set and its effect, and the backend with the reason for it.',
  positionals: ['[APP]'],
  flags: { ...sourceFlags, ...execFlag, json: { takesValue: false, summary: 'Write the plan as JSON.' } },
  takesOptions: true,
  async run(line, output) {
    const prepared = await prepareFromLine(line, { tryToBind: false })
    const [first, ...others] = prepared.faults
    if (line.commandFlags.has('json')) output.out(`${visibleJson(planFacts(prepared), 2)}\n`)
    else {
      output.out(renderPlan(planFacts(prepared)))
      if (first) output.err(renderFaults(prepared.faults))
    }
    return first ? new LaunchError([first, ...others]).exitCode : 0
  },
}
