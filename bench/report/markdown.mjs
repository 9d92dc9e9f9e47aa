import { causes } from './causes.mjs'

/** docs/benchmarks.md, from one run. */
export function renderBenchmarks(run) {
  return `# Benchmarks

<!-- Written by \`npm run bench\`. Do not edit. -->

Each figure was measured in one run of ${Math.round(run.seconds / 60)} minutes, on ${run.at.slice(0, 10)}: Node ${run.node}, ${run.platform}, ${run.cores} cores of ${run.processor},
${run.memoryGb} GB; the load average before it was ${run.loadBefore}. The load generators ran on the same cores. Ratios compare servers that took turns, round by
round, and are medians, with the least and the most in parentheses; they say more than the absolute numbers. Rounds that disagree are
repeated; what disagreed to the end says so. The same as data: [results.json](benchmarks/results.json).

${run.results.map(section).join('\n')}`
}

function section({ name, about, figures, tables, charts, skipped }) {
  return [
    `## ${name[0].toUpperCase()}${name.slice(1)}\n`,
    ...(about ? [`${about}\n`] : []),
    ...skipped.map(({ what, why }) => `Skipped: ${what}, because ${why}.\n`),
    ...(figures.length > 0 ? [goals(name, figures)] : []),
    ...tables.map(({ title, columns, rows }) => `**${title}**\n\n${table(columns, rows)}`),
    ...charts.map(({ file, title }) => `![${title}](benchmarks/${file}.svg)\n`),
  ].join('\n')
}

function goals(name, figures) {
  const rows = figures.map(({ what, goal, found, met, how }) => [
    what,
    goal ?? '',
    found,
    met === null ? '' : met ? 'yes' : `**no**: ${causes[`${name}: ${what}`] ?? 'cause not known yet'}`,
    how,
  ])
  return table(['figure', 'goal', 'found', 'met', 'how'], rows)
}

function table(columns, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return `${[line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}
