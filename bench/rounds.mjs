/** Has each subject measured once a round, in turns, so that what disturbs the machine disturbs all of them. */
export async function takeTurns(subjects, { rounds, measure }) {
  const samples = new Map(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    // The order turns too: whoever comes first warms something up for the next.
    const order = round % 2 === 0 ? subjects : subjects.toReversed()
    for (const subject of order) samples.get(subject.name).push(await measure(subject))
  }
  return new Map([...samples].map(([name, values]) => [name, summary(values)]))
}

export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  return { median, least: sorted[0], most: sorted.at(-1) }
}

/** `1,234 (1,200 to 1,300)` */
export function shown({ median, least, most }, digits = 0) {
  const format = (value) => value.toLocaleString('en', { maximumFractionDigits: digits })
  return `${format(median)} (${format(least)} to ${format(most)})`
}
