import {
  askForListen,
  asLaunchError,
  LaunchError,
  type ListenOfApp,
  type PreparedLaunch,
  visibleJson,
} from '@lockstep/core/internal'
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
    const listen = await listenOf(prepared, (text) => output.err(text))
    if (line.commandFlags.has('json')) output.out(`${visibleJson(planFacts(prepared, listen), 2)}\n`)
    else {
      output.out(renderPlan(planFacts(prepared, listen)))
      if (first) output.err(renderFaults(prepared.faults))
    }
    return first ? new LaunchError([first, ...others]).exitCode : 0
  },
}

/** Only a program that runs knows where it listens, so it is started for that. One that fails is reported, and the rest is shown. */
async function listenOf(
  { plan, choice }: PreparedLaunch,
  warn: (text: string) => void,
): Promise<ListenOfApp | null> {
  if (!plan || !['single', 'cluster'].includes(choice?.backend.name ?? '')) return null
  try {
    return await askForListen(plan)
  } catch (error) {
    warn(`The app could not be asked where it listens: ${asLaunchError(error).message}\n`)
    return null
  }
}
