const gap = 2
const indent = '  '
/** A first column that is wider gets a line of its own. */
const widest = 44
const lineWidth = 118

/** Two columns, the second wrapped. */
export function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(widest, Math.max(...rows.map(([left]) => left.length)))
  const margin = indent.length + width + gap
  return rows
    .map(([left, right]) => {
      const text = wrap(right, lineWidth - margin).join(`\n${' '.repeat(margin)}`)
      const row =
        left.length > width
          ? `${indent}${left}\n${' '.repeat(margin)}${text}`
          : `${indent}${left.padEnd(width + gap)}${text}`
      return row.trimEnd()
    })
    .join('\n')
}

export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
