import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

/** The machine that the run used, and the time. */
export function machine() {
  return {
    at: new Date().toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}, kernel ${release()}`,
    processor: cpus()[0]?.model.trim() ?? 'a processor that it does not report',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1_073_741_824),
    loadBefore: Math.round(loadavg()[0] * 100) / 100,
    isRealTime: isRealTime(),
  }
}

/** Whether chrt(1) has started the run, so that its processes go before all others: the policy in proc_pid_stat(5). */
function isRealTime() {
  if (process.platform !== 'linux') return false
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const [fifo, roundRobin] = [1, 2]
  return [fifo, roundRobin].includes(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]))
}
