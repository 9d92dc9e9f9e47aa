// The last step of `npm test`: whether `single` still serves about as fast as Node by itself (see bench/guard.mjs).
import { hasProgram } from '../bench/subjects/programs.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'

/** Resolves with the exit code, and with the reason when it can't be measured here. */
export async function checkOverhead() {
  if (!hasProgram('wrk')) return { exitCode: 0, notRun: 'wrk is not installed' }
  return { exitCode: await runCommand(pinnedNode(), ['bench/guard.mjs']) }
}
