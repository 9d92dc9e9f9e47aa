/** docs/benchmarks.md, from one run. */
export function renderBenchmarks({ at, node, platform, cores, loadBefore, figures }) {
  const rows = figures.map(({ benchmark, what, goal, found, met, how }) =>
    [benchmark, what, goal, found, met ? 'yes' : 'no', how].join(' | '),
  )
  return `# Benchmarks

<!-- Written by \`npm run bench\`. Do not edit. -->

Each figure was measured in one run, on ${at.slice(0, 10)}, with Node ${node} on ${platform}, ${cores} cores, the load generators on the same cores; the
load average before the run was ${loadBefore}. Ratios compare servers that took turns, round by round; they say more than the absolute numbers.

| benchmark | figure | goal | found | met | how |
| --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`
}
