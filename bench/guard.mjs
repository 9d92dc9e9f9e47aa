// Limits the cost of our layers: fails if `single` serves hello world less than 0.9 times as fast as plain Node. The goals are finer, see
// throughput/single.mjs. Both serve at the same time, on the same core, and what is compared is how many requests a second of processor time serves. One after
// the other, a busy machine may serve twice as much in one second as in the next, and a ratio of two such seconds says nothing.
import { shown } from './measuring/rounds.mjs'
import { bareNode } from './subjects/by-hand.mjs'
import { leaveNothingRunning } from './subjects/leave-nothing-running.mjs'
import { lockstepSingle } from './subjects/lockstep.mjs'
import { compareLoadsAnew } from './throughput/compare-loads.mjs'
import { helloLoads } from './throughput/loads.mjs'

const least = 0.9

/** Rounds per try, each with new processes. A build that is slow is slow in all tries. */
const tries = [3, 5, 9]
/** Of a sample. Of two seconds, the ratios of one build were between 0.80 and 0.98; of four, between 0.86 and 0.94. */
const seconds = 4

leaveNothingRunning()
let suspects = helloLoads.map((load) => ({ ...load, seconds }))
for (const [index, rounds] of tries.entries()) {
  if (index > 0) console.log('Once more, with more rounds:')
  suspects = await slow(suspects, rounds)
  if (suspects.length === 0) break
}
if (suspects.length > 0)
  console.error(`The launcher costs more than ${Math.round((1 - least) * 100)} % of the speed.`)
process.exitCode = suspects.length > 0 ? 1 : 0

/** The loads that are served too slowly. */
async function slow(loads, rounds) {
  const results = await compareLoadsAnew([bareNode, lockstepSingle], loads, {
    rounds,
    most: rounds,
    cores: { server: 0, clients: 1 },
    atOnce: true,
  })
  return results.filter((result) => !isFast(result)).map(({ load }) => load)
}

function isFast({ load, found }) {
  const speed = found.ratio(lockstepSingle.name, 'perProcessorSecond')
  console.log(
    `${speed.median < least ? '✗' : '✓'} ${load.what}: ${shown(speed, 2)} of bare Node (at least ${least}); throughput beside it ${shown(found.ratio(lockstepSingle.name, 'perSecond'), 2)}`,
  )
  return speed.median >= least
}
