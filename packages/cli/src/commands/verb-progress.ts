import type { ProgressListener, ReadArgv } from '@lockstep/core/internal'
import { renderProgress } from '../render/progress.ts'
import type { DescribedFlag, Output } from './command.ts'

export const jsonFlag = {
  json: { takesValue: false, summary: 'Write the result as JSON.' },
} as const satisfies Record<string, DescribedFlag>

/** Reports progress on standard error while a command runs, so that programs can read the result on standard output. */
export function progressOf(line: ReadArgv, output: Output): ProgressListener | undefined {
  if (line.commandFlags.has('json')) return undefined
  return (progress) => {
    const text = renderProgress(progress)
    if (text !== null) output.err(text)
  }
}
