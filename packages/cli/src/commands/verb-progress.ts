import type { ProgressListener, ReadArgv } from '@lockstep/core'
import { renderProgress } from '../render/progress.ts'
import type { DescribedFlag, Output } from './command.ts'

export const jsonFlag = {
  json: { takesValue: false, summary: 'Write the result as JSON.' },
} as const satisfies Record<string, DescribedFlag>

/** Tells people what happens while they wait for a verb: beside the result, so that programs can read that. */
export function progressOf(line: ReadArgv, output: Output): ProgressListener | undefined {
  if (line.commandFlags.has('json')) return undefined
  return (progress) => {
    const text = renderProgress(progress)
    if (text !== null) output.err(text)
  }
}
