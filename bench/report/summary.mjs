import { causeOf } from './causes.mjs'
import { table } from './markdown-table.mjs'

/** The number of goals that are met, why the others are not, and where to read more. */
export function summary(results) {
  const judged = judgedIn(results)
  const missed = judged.filter(({ met }) => !met)
  return [
    '## Summary\n',
    `**${judged.length - missed.length} of ${judged.length} goals are met.**\n`,
    table(['benchmark', 'goals met', 'skipped'], results.map(overview)),
    ...(missed.length > 0
      ? [
          `## Why goals are not met\n\n${byCause(missed, countIn)}\n\n[Each of them](${details}#goals-that-are-not-met)\n`,
        ]
      : []),
  ].join('\n')
}

/** Each goal that is not met, by its cause; empty if there is none. */
export function missedGoals(results) {
  const missed = judgedIn(results).filter(({ met }) => !met)
  return missed.length === 0
    ? ''
    : `## Goals that are not met\n\n${byCause(missed, (figures) => figures.map(item))}\n`
}

/** The details have a heading for each benchmark. */
const details = 'benchmarks/details.md'

function judgedIn(results) {
  return results.flatMap(({ name, figures }) =>
    figures.filter(({ met }) => met !== null).map((figure) => ({ name, ...figure })),
  )
}

function byCause(missed, listed) {
  const groups = Map.groupBy(missed, ({ name, ...figure }) => causeOf(name, figure))
  return [...groups].map(([cause, figures]) => [`- ${cause}`, ...listed(figures)].join('\n')).join('\n')
}

/** For example `10 of Single, 2 of Cluster`. */
function countIn(figures) {
  const names = Map.groupBy(figures, ({ name }) => name)
  return [`  - ${[...names].map(([name, all]) => `${all.length} of ${link(name, details)}`).join(', ')}`]
}

function item({ name, what, goal, found, isSteady = true }) {
  const disagreed = isSteady ? '' : '; the rounds disagreed'
  return `  - ${link(name)}, ${what}: ${found}${goal === null ? '' : ` (${goal})`}${disagreed}`
}

function overview({ name, figures, skipped }) {
  const judged = figures.filter(({ met }) => met !== null)
  const met = judged.filter((figure) => figure.met)
  return [
    link(name, details),
    judged.length === 0 ? 'no goals' : `${met.length} of ${judged.length}`,
    skipped.map(({ what }) => what).join(', '),
  ]
}

export function heading(name) {
  return name[0].toUpperCase() + name.slice(1)
}

/** A link to the heading, by the name that GitHub assigns. */
function link(name, page = '') {
  const anchor = name
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
  return `[${heading(name)}](${page}#${anchor})`
}
