import { shown, summary } from '../measuring/rounds.mjs'
import { bareNode } from '../subjects/by-hand.mjs'
import { startCluster } from './start-cluster.mjs'

export const replacement = {
  name: 'replacement of a killed worker',
  async measure({ quick }) {
    const servers = quick ? 1 : 5
    const [bare, replaced] = [[], []]
    for (let count = 0; count < servers; count += 1) {
      await using server = await startCluster()
      // Each worker once, because a worker that dies again soon is only replaced after a wait.
      for (const victim of server.workers()) {
        bare.push(await bareBootMs())
        replaced.push(await replacementMs(server, victim))
      }
    }
    const [bareMs, replacedMs] = [summary(bare), summary(replaced)]
    const ratio = replacedMs.median / bareMs.median
    const figures = [
      {
        what: 'time from SIGKILL to a ready replacement, relative to the boot of a bare Node app',
        goal: '< 2',
        found: ratio.toFixed(2),
        met: ratio < 2,
        how: `${shown(replacedMs)} ms against ${shown(bareMs)} ms, median, lowest and highest of ${bare.length} rounds in turns; the bare app is one http.createServer, from its spawn to its first answer`,
      },
    ]
    return { figures }
  },
}

async function bareBootMs() {
  await using server = await bareNode.start({})
  return server.startMs
}

async function replacementMs(server, victim) {
  const from = server.told()
  const began = performance.now()
  process.kill(victim, 'SIGKILL')
  const ready = await server.waitFor(({ message = '' }) => /^worker \d is ready/.test(message), from)
  return ready.atMs - began
}
