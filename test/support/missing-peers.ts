import { type PeerName, peerProblem } from '../../scripts/peers/peers.mjs'
import { runsEverything } from './runs-everything.ts'

/**
 * For the title of tests that need programs of `npm run peers`: why they are left out, or nothing. In CI nothing is left out: there, a missing
 * program fails the test with the reason.
 */
export function missingPeers(...names: PeerName[]): string {
  if (runsEverything) return ''
  const problem = names.map((name) => peerProblem(name)).find((found) => found !== null)
  return problem == null ? '' : ` (skipped: ${problem})`
}
