import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { shown, takeTurns } from '../measuring/rounds.mjs'
import { bareNode } from '../subjects/by-hand.mjs'
import { certificateFolder, startLockstep } from '../subjects/servers.mjs'

const goal = 0.95

export const handshakes = {
  name: 'full handshakes',
  async measure({ quick }) {
    using pair = await certificateFolder()
    await using bare = await bareNode.start({ pair })
    await using single = await startLockstep(pair, ['--backend', 'single'])
    const subjects = [
      { name: 'bare', ...bare },
      { name: 'single', ...single },
    ]
    const seconds = quick ? 2 : 4
    for (const subject of subjects) await handshakesPerSecond(subject, 1)
    const found = await takeTurns(subjects, {
      rounds: quick ? 3 : 9,
      measure: (subject) => handshakesPerSecond(subject, seconds),
    })
    const ratio = found.get('single').median / found.get('bare').median
    const figures = [
      {
        what: 'full handshakes per second, single against a bare https.createServer',
        goal: `≥ ${goal}`,
        found: ratio.toFixed(3),
        met: ratio >= goal,
        how: `openssl s_time -new, TLS 1.3, one client: single ${shown(found.get('single'))}, bare ${shown(found.get('bare'))} per second`,
      },
    ]
    return { figures }
  },
}

/** `openssl s_time` connects, shakes hands, asks once and closes, as often as it can; it is one client, in C. */
async function handshakesPerSecond({ host, port }, seconds) {
  const started = performance.now()
  const child = spawn('openssl', [
    's_time',
    '-connect',
    `${host}:${port}`,
    '-new',
    '-time',
    String(seconds),
    '-www',
    '/',
  ])
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const count = Number(/^(\d+) connections in \d+ real seconds/m.exec(output)?.[1])
  return count / ((performance.now() - started) / 1_000)
}
