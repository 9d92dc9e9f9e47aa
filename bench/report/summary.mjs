import { causeOf } from './causes.mjs'
import { table } from './markdown-table.mjs'

/** The number of goals that are met, the others by their causes, and where to read more. */
export function summary(results) {
  const judged = results.flatMap(({ name, figures }) =>
    figures.filter(({ met }) => met !== null).map((figure) => ({ name, ...figure })),
  )
  const missed = judged.filter(({ met }) => !met)
  return [
    '## Summary\n',
    `**${judged.length - missed.length} of ${judged.length} goals are met.**${missed.length > 0 ? ' The others, grouped by cause:' : ''}\n`,
    ...(missed.length > 0 ? [`${byCause(missed)}\n`] : []),
    table(['benchmark', 'goals met', 'skipped'], results.map(overview)),
  ].join('\n')
}

function byCause(missed) {
  const groups = Map.groupBy(missed, ({ name, ...figure }) => causeOf(name, figure))
  return [...groups].map(([cause, figures]) => [`- ${cause}`, ...figures.map(item)].join('\n')).join('\n')
}

function item({ name, what, goal, found, isSteady = true }) {
  const disagreed = isSteady ? '' : '; the rounds disagreed'
  return `  - ${link(name)}, ${what}: ${found}${goal === null ? '' : ` (${goal})`}${disagreed}`
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

/** A link to the heading, by the name that GitHub assigns. */
function link(name) {
  const anchor = name
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
  return `[${heading(name)}](#${anchor})`
}
