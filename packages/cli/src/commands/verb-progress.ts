import type { ProgressListener } from '@lockstep/core/internal'
import { renderProgress } from '../render/progress.ts'
import type { CommandLine, DescribedFlag, Output } from './command.ts'

export const jsonFlag = {
  json: { takesValue: false, summary: 'Write the result as JSON, also if it is an error.' },
} as const satisfies Record<string, DescribedFlag>

/** Reports progress on standard error while a command runs, so that programs can read the result on standard output. */
export function progressOf(line: CommandLine, output: Output): ProgressListener | undefined {
  if (line.report.asJson) return undefined
  return (progress) => {
    const text = renderProgress(progress)
    if (text !== null) output.err(text)
  }
}
