/** Measures each subject once per round, in turns, so that a disturbance of the machine affects all of them. */
export async function takeTurns(subjects, { rounds, measure }) {
  const samples = new Map(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of inTurns(subjects, round)) samples.get(subject.name).push(await measure(subject))
  }
  return new Map([...samples].map(([name, values]) => [name, summary(values)]))
}

/** The order of a round, which is reversed each time: the first subject warms something up for the next. */
export function inTurns(subjects, round) {
  return round % 2 === 0 ? subjects : subjects.toReversed()
}

export function summary(values) {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) }
}

export function median(values) {
  return quantile(values, 0.5)
}

export function quartiles(values) {
  return { lower: quantile(values, 0.25), upper: quantile(values, 0.75) }
}

/** Interpolates between two values. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return below + (above - below) * (place % 1)
}

/** `1,234 (1,200 to 1,300)` */
export function shown({ median: middle, least, most }, digits = 0) {
  const format = (value) => value.toLocaleString('en', { maximumFractionDigits: digits })
  return `${format(middle)} (${format(least)} to ${format(most)})`
}
