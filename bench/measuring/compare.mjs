import { median, quartiles, summary } from './rounds.mjs'
import { hasSpareTime, onSpareTime } from './spare-time.mjs'

/** A round says as much about the machine as about the subjects when the quartiles of its ratios are further apart than this. */
const steady = 0.08

/**
 * Measures subjects in turns, round by round, and compares each with the first one within the round: what disturbs the machine disturbs a
 * round, not one subject. While the ratios scatter, it measures on, up to `most` rounds and as long as the run has time for it; what still
 * scatters then is told as unsteady.
 *
 * A sample is an object of numbers; `perSecond` decides whether the rounds agree.
 */
export async function compare(subjects, { rounds, most = 2 * rounds, measure, decidedBy = 'perSecond' }) {
  const samples = new Map(subjects.map(({ name }) => [name, []]))
  const first = subjects[0].name
  const ratios = (name, key, to = first) =>
    samples.get(name).map((sample, round) => sample[key] / samples.get(to)[round][key])
  const scatter = () =>
    Math.max(0, ...subjects.slice(1).map(({ name }) => relativeSpread(ratios(name, decidedBy))))
  const measureRound = async (round) => {
    // The order turns too: whoever comes first warms something up for the next.
    const order = round % 2 === 0 ? subjects : subjects.toReversed()
    for (const subject of order) samples.get(subject.name).push(await measure(subject))
  }
  for (let round = 0; round < rounds; round += 1) await measureRound(round)
  for (let round = rounds; round < most && scatter() > steady && hasSpareTime(); round += 1)
    await onSpareTime(() => measureRound(round))
  return {
    rounds: samples.get(first).length,
    isSteady: scatter() <= steady,
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
