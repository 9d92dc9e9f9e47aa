import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

let count = 0

/** Files for what a subject writes. A case may start several subjects in one folder. */
export function writtenStreams(folder: string): {
  readonly stdoutFile: string
  readonly stderrFile: string
  stdout(): string
  stderr(): string
} {
  count += 1
  const stdoutFile = join(folder, `subject-${count}.out`)
  const stderrFile = join(folder, `subject-${count}.err`)
  for (const file of [stdoutFile, stderrFile]) writeFileSync(file, '')
  return {
    stdoutFile,
    stderrFile,
    stdout: () => readFileSync(stdoutFile, 'utf8'),
    stderr: () => readFileSync(stderrFile, 'utf8'),
  }
}
