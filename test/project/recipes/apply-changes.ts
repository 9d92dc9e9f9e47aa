import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Change {
  readonly path: string
  readonly old: string
  readonly new: string
}

/**
 * Makes the changes of a `diff` block: the path of a file, then lines that begin with a space, `-` or `+`. What is left or removed must be in
 * the file once, as it is. An empty line ends the changes of a file.
 */
export function applyChanges(folder: string, block: string): void {
  for (const { path, ...change } of readChanges(block)) {
    const file = join(folder, path)
    const parts = `\n${readFileSync(file, 'utf8')}`.split(`\n${change.old}`)
    if (parts.length !== 2)
      throw new Error(`${path} has ${parts.length - 1} times, instead of once:\n${change.old}`)
    writeFileSync(file, parts.join(`\n${change.new}`).slice(1))
  }
}

function readChanges(block: string): Change[] {
  return block
    .trimEnd()
    .split('\n\n')
    .flatMap((section) => {
      const [path = '', ...lines] = section.split('\n')
      return runsOf(lines).map((run) => ({ path, old: side(run, '-'), new: side(run, '+') }))
    })
}

/** A line that is not added, behind one that is, begins another change. */
function runsOf(lines: readonly string[]): string[][] {
  const runs: string[][] = []
  lines.forEach((line, index) => {
    const begins = index === 0 || (!line.startsWith('+') && lines[index - 1]?.startsWith('+'))
    if (begins) runs.push([])
    runs.at(-1)?.push(line)
  })
  return runs
}

function side(run: readonly string[], sign: '-' | '+'): string {
  return run
    .filter((line) => line.startsWith(' ') || line.startsWith(sign))
    .map((line) => `${line.slice(1)}\n`)
    .join('')
}
