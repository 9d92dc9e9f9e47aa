import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { residentMb } from '../measuring/memory.mjs'
import { processorMs } from '../measuring/processor-time.mjs'
import { startCluster } from './start-cluster.mjs'

export const primaryCost = {
  name: 'cost of the primary',
  async measure({ quick }) {
    const seconds = quick ? 3 : 15
    const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000_000)'], { stdio: 'ignore' })
    await once(bare, 'spawn')
    await using server = await startCluster()
    // The after-effects of a start are over after a moment.
    await pause(quick ? 1_500 : 2_000)
    const before = processorMs([server.pid])
    await pause(seconds * 1_000)
    const busy = (processorMs([server.pid]) - before) / (seconds * 1_000)
    const [ours, theirs] = [residentMb(server.pid), residentMb(bare.pid)]
    bare.kill('SIGKILL')
    const figures = [
      {
        what: 'memory of the primary, relative to a bare Node process',
        goal: '< 1.5',
        found: (ours / theirs).toFixed(3),
        met: ours / theirs < 1.5,
        how: `resident: ${ours.toFixed(1)} MB against ${theirs.toFixed(1)} MB, 3 workers, idle`,
      },
      {
        what: 'processor time of the primary when idle',
        goal: '< 1 %',
        found: `${(busy * 100).toFixed(2)} %`,
        met: busy < 0.01,
        how: `of one core, over ${seconds} s, 3 workers with their heartbeats, control socket and watches on`,
      },
    ]
    return { figures }
  },
}
