/** A table of cells that are Markdown already, with its columns aligned for readers of the source. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => {
    const lengths = [title, ...rows.map((row) => row[column] ?? '')].map((text) => [...text].length)
    return Math.min(widest, Math.max(3, ...lengths))
  })
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => padded(cells[column] ?? '', width)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** A cell that is longer than this sticks out: the others need not be as wide. */
const widest = 80

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length))
}
