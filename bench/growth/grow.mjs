import { compare } from '../measuring/compare.mjs'

/**
 * Measures subjects at each point, in turns: `measure(subject, point)` returns an object of numbers. Returns curves of the medians, one for each
 * subject, and rows for a table.
 */
export async function grow({ points, subjects, rounds, decidedBy = 'perSecond', measure }) {
  const grown = []
  for (const point of points)
    grown.push({
      point,
      found: await compare(subjects, {
        rounds,
        most: rounds,
        decidedBy,
        measure: (subject) => measure(subject, point),
      }),
    })
  const names = subjects.map(({ name }) => name)
  return {
    curves: (key) =>
      names.map((name) => ({
        name,
        points: grown.map(({ point, found }) => [point, found.of(name, key).median]),
      })),
    table: ({ title, pointName, measures }) => ({
      title,
      columns: [
        pointName,
        ...measures.flatMap(({ what }) => names.map((name) => `${what}: ${name}`)),
        ...(names.length === 2 ? measures.map(({ what }) => `${what}: ratio`) : []),
      ],
      rows: grown.map(({ point, found }) => [
        point.toLocaleString('en'),
        ...measures.flatMap(({ key, digits = 0 }) =>
          names.map((name) => number(found.of(name, key).median, digits)),
        ),
        ...(names.length === 2
          ? measures.map(({ key }) => number(found.ratio(names[1], key).median, 2))
          : []),
      ]),
    }),
  }
}

function number(value, digits) {
  return Number.isFinite(value) ? value.toLocaleString('en', { maximumFractionDigits: digits }) : '–'
}
