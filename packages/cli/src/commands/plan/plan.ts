import {
  askForListen,
  asLaunchError,
  LaunchError,
  type ListenOfApp,
  type PreparedLaunch,
  textWidth,
  visibleLines,
} from '@lockstep/core/internal'
import { failureJson, resultJson } from '../../json/write-json.ts'
import { paragraph } from '../../render/columns.ts'
import { styleError } from '../../render/style.ts'
import type { Command } from '../command.ts'
import { execFlag, prepareFromLine, sourceFlags } from '../prepare.ts'
import { planFacts } from './plan-facts.ts'
import { renderPlan } from './render-plan.ts'

export const planCommand: Command = {
  name: 'plan',
  summary:
    'Show each option with its value, where it was set and its effect, and the backend with the reason for it.',
  positionals: ['[APP]'],
  flags: {
    ...sourceFlags,
    ...execFlag,
    all: { takesValue: false, summary: 'Show also what is unset, off, or without effect.' },
  },
  takesOptions: true,
  async run(line, output) {
    const prepared = await prepareFromLine(line, { tryToBind: false })
    const listen = await listenOf(prepared, (text) => output.err(text))
    const facts = planFacts(prepared, listen)
    const [first, ...others] = prepared.faults
    const failure = first && new LaunchError([first, ...others])
    if (line.report.asJson)
      output.out(failure ? failureJson('plan', failure, { result: facts }) : resultJson('plan', facts))
    else {
      output.out(renderPlan(facts, { all: line.commandFlags.has('all') }))
      if (failure) line.report.failed(failure)
    }
    return failure?.exitCode ?? 0
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
    warn(
      paragraph(
        `${styleError('yellow', '!')} The app could not be asked where it listens: ${visibleLines(asLaunchError(error).message)}`,
        textWidth('stderr'),
      ),
    )
    return null
  }
}
