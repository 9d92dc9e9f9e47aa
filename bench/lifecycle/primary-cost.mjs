import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { startCluster } from './start-cluster.mjs'

/** Jiffies of proc(5): Linux counts 100 a second for every program. */
const ticksPerSecond = 100

export const primaryCost = {
  name: 'cost of the primary',
  async measure({ quick }) {
    const seconds = quick ? 5 : 30
    const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000_000)'], { stdio: 'ignore' })
    await once(bare, 'spawn')
    await using server = await startCluster()
    // What a start leaves behind is over after a moment.
    await pause(2_000)
    const before = cpuSeconds(server.pid)
    await pause(seconds * 1_000)
    const busy = (cpuSeconds(server.pid) - before) / seconds
    const [ours, theirs] = [residentMb(server.pid), residentMb(bare.pid)]
    bare.kill('SIGKILL')
    return [
      {
        what: 'memory of the primary, to that of a bare node process',
        goal: '< 1.5',
        found: (ours / theirs).toFixed(3),
        met: ours / theirs < 1.5,
        how: `resident: ${ours.toFixed(1)} MB to ${theirs.toFixed(1)} MB, 3 workers, idle`,
      },
      {
        what: 'processor time of the primary when idle',
        goal: '< 1 %',
        found: `${(busy * 100).toFixed(2)} %`,
        met: busy < 0.01,
        how: `of one core, over ${seconds} s, 3 workers with their heartbeats, control socket and watches on`,
      },
    ]
  },
}

function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

function residentMb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024
}
