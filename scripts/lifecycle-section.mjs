// The part of docs/lifecycle.md that is generated, between its two marks.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from './workspace.mjs'

const [begin, end] = ['<!-- lifecycle -->', '<!-- end of the lifecycle -->']

/** The current document with this section replaced. */
export function withLifecycle(section) {
  const text = readFileSync(join(rootFolder, 'docs/lifecycle.md'), 'utf8')
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error('docs/lifecycle.md has lost its marks')
  return `${before}${begin}\n\n${section}\n${end}${after}`
}
