import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { pinnedTo } from '../measuring/cores.mjs'

/** It ends by itself only at a whole second, so it is ended from here. */
const longestSeconds = 600
const beginsWithinMs = 30_000

/**
 * Runs this many `openssl s_time`, clients in C. Each connects, makes a TLS 1.3 handshake, sends one request and closes, as often as it can; or show the
 * session of their first connection on all others. They ask, as a session of TLS 1.3 comes after the handshake. Returns handshakes a second
 * once all clients have begun, and how many there were at all.
 */
export async function sTime({ host, port }, { seconds, clients, resumes, core = null }) {
  const all = Array.from({ length: clients }, () => startClient({ host, port, resumes, core }))
  const count = () => all.reduce((sum, client) => sum + client.count(), 0)
  try {
    await Promise.all(all.map(({ begun }) => begun))
    const [before, began] = [count(), performance.now()]
    await pause(seconds * 1_000)
    const perSecond = (count() - before) / ((performance.now() - began) / 1_000)
    await Promise.all(all.map((client) => client.end()))
    return { perSecond, handshakes: count() }
  } finally {
    await Promise.all(all.map((client) => client.end()))
  }
}

/** For each connection it writes `r` when a session was resumed, and `*` when not. */
function startClient({ host, port, resumes, core }) {
  const [program, ...args] = pinnedTo(core, [
    'openssl',
    's_time',
    ...['-connect', `${host}:${port}`, '-tls1_3', resumes ? '-reuse' : '-new'],
    ...['-time', String(longestSeconds), '-www', '/'],
  ])
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  const begun = Promise.withResolvers()
  const timer = setTimeout(() => begun.reject(failure()), beginsWithinMs)
  const wanted = resumes ? /^r+$/gm : /^\*+$/gm
  let output = ''
  const failure = () => new Error(`openssl s_time sees no handshake as wanted: ${output.slice(-300)}`)
  const count = () => (output.match(wanted) ?? []).join('').length
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
      if (count() > 0) begun.resolve()
    })
  child.once('close', () => begun.reject(failure()))
  return {
    begun: begun.promise.finally(() => clearTimeout(timer)),
    count,
    async end() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
