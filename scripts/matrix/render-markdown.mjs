// docs/conformance.md, from the reports of the cells.

export function renderMarkdown(cells) {
  const columns = cells.map(({ platform, backend }) => `${platform.name}: ${backend}`)
  const ids = [...new Set(cells.flatMap(({ report }) => report?.results.map(({ id }) => id) ?? []))]
  return `# Conformance

<!-- Written by \`npm run matrix\`. Do not edit. -->

What each backend does on each platform, seen over the wire by the suite of \`packages/conformance\`. ✓ passes, ↩ is refused as declared,
? was not observed for want of a client, ✗ fell short, and a column without marks was not run.

${table(['column', 'result', 'run on', 'when'], cells.map(summaryRow))}

${table(
  ['case', ...columns],
  ids.map((id) => [`\`${id}\``, ...cells.map((cell) => mark(cell, id))]),
)}
`
}

function summaryRow({ platform, backend, state, reason, report }) {
  const name = `${platform.name}: ${backend}`
  if (!report) return [name, `${state}: ${reason}`, '', '']
  const counts = countByStatus(report.results)
  return [
    name,
    `${state}: ${counts.join(', ')}`,
    `${report.platform} ${report.arch}, Node ${report.node}, Lockstep ${report.lockstep}`,
    report.startedAt.slice(0, 10),
  ]
}

const marks = { pass: '✓', 'refused as declared': '↩', 'not observed': '?', fail: '✗', 'harness error': '✗' }

function mark({ report }, id) {
  return marks[report?.results.find((result) => result.id === id)?.status] ?? ''
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function countByStatus(results) {
  const counts = new Map()
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts].map(([status, count]) => `${count} ${status}`)
}
