// Guards what our layers cost: fails when `single` serves hello world less than 0.9 times as fast as Node by itself. Coarse on purpose: a
// slip in the path of a request shows, and a busy machine doesn't. The goals are finer, see throughput/single.mjs.
import { shown } from './measuring/rounds.mjs'
import { bareNode } from './subjects/by-hand.mjs'
import { leaveNobody } from './subjects/leave-nobody.mjs'
import { lockstepSingle } from './subjects/lockstep.mjs'
import { compareLoadsAnew } from './throughput/compare-loads.mjs'
import { helloLoads } from './throughput/loads.mjs'

const least = 0.9

/** How many rounds a try has, each with processes of its own. What is slow is slow in all tries. */
const tries = [3, 5, 9]
leaveNobody()
let suspects = helloLoads
for (const [index, rounds] of tries.entries()) {
  if (index > 0) console.log('Once more, with more rounds:')
  suspects = await slow(suspects, rounds)
  if (suspects.length === 0) break
}
if (suspects.length > 0)
  console.error(`The launcher costs more than ${Math.round((1 - least) * 100)} % of the throughput.`)
process.exitCode = suspects.length > 0 ? 1 : 0

/** Those loads whose ratio is too low. */
async function slow(loads, rounds) {
  const results = await compareLoadsAnew([bareNode, lockstepSingle], loads, {
    rounds,
    most: rounds,
    cores: { server: 0, clients: 1 },
  })
  return results.filter((result) => !isFast(result)).map(({ load }) => load)
}

/** Rounds that disagree tell of the machine; then it takes the processor time of a request too, which hardly depends on who else runs. */
function isFast({ load, found: { ratio, isSteady } }) {
  const [throughput, time] = ['perSecond', 'processorUs'].map((key) => ratio(lockstepSingle.name, key))
  const isSlow = throughput.median < least && (isSteady || time.median > 1 / least)
  console.log(
    `${isSlow ? '✗' : '✓'} ${load.what}: ${shown(throughput, 2)} of bare Node (at least ${least}); processor time of a request ${shown(time, 2)}${isSteady ? '' : '; the rounds did not agree'}`,
  )
  return !isSlow
}
