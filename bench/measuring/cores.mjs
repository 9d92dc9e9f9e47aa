import { availableParallelism } from 'node:os'
import { hasProgram } from '../subjects/programs.mjs'

/** One core for a server of one process, and another one for who asks it, when there are two; then neither takes from the other. */
export const canPin = process.platform === 'linux' && availableParallelism() >= 2 && hasProgram('taskset')

/** The command, kept on that core by taskset(1); as it is when no core is told, or when none can be. */
export function pinnedTo(core, command) {
  return core === null || !canPin ? command : ['taskset', '--cpu-list', String(core), ...command]
}
