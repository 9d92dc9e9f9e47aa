import { causeOf } from './causes.mjs'
import { table } from './markdown-table.mjs'

/** How many goals are met, each that is not with its cause, and where to read on. */
export function summary(results) {
  const judged = results.flatMap(({ name, figures }) =>
    figures.filter(({ met }) => met !== null).map((figure) => ({ name, ...figure })),
  )
  const missed = judged.filter(({ met }) => !met)
  return [
    '## Summary\n',
    `**${judged.length - missed.length} of ${judged.length} goals are met.**${missed.length > 0 ? ' These are not:' : ''}\n`,
    ...(missed.length > 0 ? [`${missed.map(item).join('\n')}\n`] : []),
    table(['benchmark', 'goals met', 'skipped'], results.map(overview)),
  ].join('\n')
}

function item({ name, ...figure }) {
  const { what, goal, found } = figure
  return `- ${link(name)}, ${what}: ${found}${goal === null ? '' : `; the goal is ${goal}`}. Cause: ${causeOf(name, figure)}`
}

function overview({ name, figures, skipped }) {
  const judged = figures.filter(({ met }) => met !== null)
  const met = judged.filter((figure) => figure.met)
  return [
    link(name),
    judged.length === 0 ? 'no goals' : `${met.length} of ${judged.length}`,
    skipped.map(({ what }) => what).join(', '),
  ]
}

export function heading(name) {
  return name[0].toUpperCase() + name.slice(1)
}

/** To the heading, by the name that GitHub gives it. */
function link(name) {
  const anchor = name
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
  return `[${heading(name)}](#${anchor})`
}
