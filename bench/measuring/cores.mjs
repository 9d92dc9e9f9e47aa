import { availableParallelism } from 'node:os'
import { hasProgram } from '../subjects/programs.mjs'

/** One core for a server of one process, and another one for its clients, if there are two. Then neither slows the other down. */
export const canPin = process.platform === 'linux' && availableParallelism() >= 2 && hasProgram('taskset')

/** The command, pinned to that core by taskset(1). Unchanged if no core is given, or if pinning is not possible. */
export function pinnedTo(core, command) {
  return core === null || !canPin ? command : ['taskset', '--cpu-list', String(core), ...command]
}
