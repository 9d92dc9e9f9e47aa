import { readFileSync } from 'node:fs'

/** Clock ticks a second of proc(5): USER_HZ, which Linux fixes. */
const ticksPerSecond = 100

/** Processor time of processes until now, in milliseconds. Unlike throughput, it hardly depends on other processes. */
export function processorMs(pids) {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) * (1_000 / ticksPerSecond)
}

/** Of a process that has just ended, none. */
function ticksOf(pid) {
  const stat = statOf(pid)
  // The name in parentheses may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}

function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}
