import { table } from './markdown-table.mjs'
import { heading, missedGoals, summary } from './summary.mjs'

/** docs/benchmarks.md, from one run: a page that can be read as a whole. */
export function renderBenchmarks(run) {
  return `# Benchmarks

<!-- Written by \`npm run bench\`. Do not edit. -->

All figures${run.results.some(({ apart }) => apart) ? ', except where a section says otherwise,' : ''} come from one run of ${Math.max(1, Math.round(run.seconds / 60))} min on ${run.at.slice(0, 10)}: Node ${run.node}, ${run.platform}, ${run.cores} cores of ${run.processor},
${run.memoryGb} GB. The load average before it was ${run.loadBefore}. The load generators ran on the same cores. Servers take turns within each round. Ratios are
medians over the rounds, with the lowest and the highest in parentheses, and say more than absolute numbers. Rounds that disagree are repeated.
If they still disagree, the figure says so.

Each benchmark has its figures, tables and charts in [the details](benchmarks/details.md). The data: [results.json](benchmarks/results.json).
To repeat it: \`npm run bench\`. \`-- --only NAME\` measures a part.

${summary(run.results)}`
}

/** docs/benchmarks/details.md: each benchmark, and each goal that is not met. */
export function renderBenchmarkDetails({ results }) {
  return `# Benchmarks in detail

<!-- Written by \`npm run bench\`. Do not edit. -->

Where and when this was measured, and how to read it, is on [the page of the summary](../benchmarks.md).

${[missedGoals(results), ...results.map(section)].filter((part) => part !== '').join('\n')}`
}

function section({ name, about, figures, tables, charts, skipped, apart }) {
  return [
    `## ${heading(name)}\n`,
    ...(apart ? [`${measuredApart(apart)}\n`] : []),
    ...(about ? [`${about}\n`] : []),
    ...(skipped.length > 0
      ? [`Skipped:\n\n${skipped.map(({ what, why }) => `- ${what}, because ${why}`).join('\n')}\n`]
      : []),
    ...charts.map(({ file, title }) => `![${title}](${file}.svg)\n`),
    ...(figures.length > 0 ? [goals(figures)] : []),
    ...tables.map(({ title, columns, rows }) => `**${title}**\n\n${table(columns, rows)}`),
  ].join('\n')
}

function measuredApart({ at, node, loadBefore, isRealTime }) {
  const priority = isRealTime
    ? ' All processes of the run had real-time priority, because the machine had other work.'
    : ''
  return `Measured in a run of its own on ${at.slice(0, 10)}, with Node ${node}. The load average before it was ${loadBefore}.${priority}`
}

/** The columns of the goals only if there is one. */
function goals(figures) {
  if (figures.every(({ met }) => met === null))
    return table(
      ['figure', 'found', 'how'],
      figures.map(({ what, found, how }) => [what, found, how]),
    )
  const rows = figures.map(({ what, goal, found, met, how }) => [
    what,
    goal ?? '',
    found,
    met === null ? '' : met ? 'yes' : '**no**',
    how,
  ])
  return table(['figure', 'goal', 'found', 'met', 'how'], rows)
}
