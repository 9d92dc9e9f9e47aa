import { readFileSync } from 'node:fs'

/** Clock ticks a second of proc(5): USER_HZ, which Linux fixes. */
const ticksPerSecond = 100

/** Processor time of a process and its children until now, in milliseconds. Unlike throughput it hardly depends on who else runs. */
export function processorMs(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return [pid, ...children].reduce((sum, each) => sum + ownTicks(each), 0) * (1_000 / ticksPerSecond)
}

function ownTicks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in parentheses may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
