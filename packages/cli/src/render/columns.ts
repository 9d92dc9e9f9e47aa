import { textWidth } from '@lockstep/core/internal'
import { columnsOf, hang, withoutColors, wrap } from './wrap.ts'

const gap = 2
const indent = '  '
/** A first column that is wider gets a line of its own. */
const widest = 44

/** Two columns for standard output. The second one wraps, below its own beginning. */
export function columns(
  rows: readonly (readonly [string, string])[],
  width: number = textWidth('stdout'),
): string {
  const most = Math.min(widest, Math.floor(width * 0.4))
  const left = Math.max(0, ...rows.map(([text]) => columnsOf(text)).filter((wide) => wide <= most))
  const margin = indent.length + left + gap
  return rows
    .map(([name, text]) => {
      const right = hang(text, { width, margin })
      if (columnsOf(name) <= left)
        return `${indent}${name}${' '.repeat(left + gap - columnsOf(name))}${right}`.trimEnd()
      const title = wrap(name, width - indent.length).join(`\n${indent}${indent}`)
      return text === '' ? `${indent}${title}` : `${indent}${title}\n${' '.repeat(margin)}${right}`
    })
    .join('\n')
}

/** Text for standard output in lines that fit. All but the first begin below the text that follows a mark such as `✓`. */
export function paragraph(text: string, width: number = textWidth('stdout')): string {
  const margin = /^\S /.test(withoutColors(text)) ? 2 : 0
  return `${hang(text, { width, margin })}\n`
}
