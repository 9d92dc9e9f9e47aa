import { inTurns, median, quartiles, summary } from './rounds.mjs'
import { hasSpareTime, onSpareTime } from './spare-time.mjs'

/** If the quartiles of the ratios are further apart than this, rounds say as much about the machine as about the subjects. */
const steady = 0.08

/**
 * Measures subjects in turns, round by round, and compares each with the first one within the round: what disturbs the machine disturbs a
 * round, not one subject. While the ratios scatter, it measures on, up to `most` rounds and as long as the run has time for it; what still
 * scatters then is reported as unsteady.
 *
 * A sample is an object of numbers; `perSecond` decides whether the rounds agree.
 */
export async function compare(subjects, { rounds, most = 2 * rounds, measure, decidedBy = 'perSecond' }) {
  const samples = new Map(subjects.map(({ name }) => [name, []]))
  const found = comparison(samples, decidedBy)
  const measureRound = async (round) => {
    for (const subject of inTurns(subjects, round)) samples.get(subject.name).push(await measure(subject))
  }
  await repeat(measureRound, { rounds, most, isSteady: () => found.isSteady })
  return found
}

/** Measures round after round, and more of them while they disagree, as long as the run has time for it. */
export async function repeat(measureRound, { rounds, most, isSteady }) {
  for (let round = 0; round < rounds; round += 1) await measureRound(round)
  for (let round = rounds; round < most && !isSteady() && hasSpareTime(); round += 1)
    await onSpareTime(() => measureRound(round))
}

/** The result of samples. Each name has one sample per round. The others are compared with the first name. */
export function comparison(samples, decidedBy = 'perSecond') {
  const [first] = samples.keys()
  const ratios = (name, key, to = first) =>
    samples.get(name).map((sample, round) => sample[key] / samples.get(to)[round][key])
  return {
    get rounds() {
      return samples.get(first).length
    },
    get isSteady() {
      const others = [...samples.keys()].filter((name) => name !== first)
      return others.every((name) => relativeSpread(ratios(name, decidedBy)) <= steady)
    },
    of: (name, key) => summary(samples.get(name).map((sample) => sample[key])),
    /** Of this subject to the first one, within each round. */
    ratio: (name, key) => summary(ratios(name, key)),
    /** Of one to another, within each round. */
    between: (name, other, key) => summary(ratios(name, key, other)),
    total: (name, key) => samples.get(name).reduce((sum, sample) => sum + sample[key], 0),
  }
}

function relativeSpread(values) {
  const { lower, upper } = quartiles(values)
  return (upper - lower) / median(values)
}
