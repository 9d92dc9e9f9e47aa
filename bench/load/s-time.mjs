import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { pinnedTo } from '../measuring/cores.mjs'

/** It ends only at a whole second, so it is ended from here. */
const longestSeconds = 600

/**
 * Has so many `openssl s_time`, clients in C, each connect, shake hands over TLS 1.3, ask once and close, as often as they can; or show the
 * session of their first connection on all others. They ask, as a session of TLS 1.3 comes after the handshake.
 */
export async function sTime({ host, port }, { seconds, clients, resumes, core = null }) {
  const all = await Promise.all(
    Array.from({ length: clients }, () => oneClient({ host, port, seconds, resumes, core })),
  )
  const sum = (key) => all.reduce((total, client) => total + client[key], 0)
  return { handshakes: sum('handshakes'), perSecond: sum('perSecond') }
}

/** For each connection it writes `r` when a session was resumed, and `*` when not. */
async function oneClient({ host, port, seconds, resumes, core }) {
  const [program, ...args] = pinnedTo(core, [
    'openssl',
    's_time',
    ...['-connect', `${host}:${port}`, '-tls1_3', resumes ? '-reuse' : '-new'],
    ...['-time', String(longestSeconds), '-www', '/'],
  ])
  const child = spawn(program, args)
  const ended = once(child, 'exit')
  const wanted = resumes ? /^r+$/gm : /^\*+$/gm
  let output = ''
  let beganAt = null
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
    if (beganAt === null && wanted.test(output)) beganAt = performance.now()
  })
  await pause(seconds * 1_000)
  const ms = performance.now() - beganAt
  child.kill('SIGKILL')
  await ended
  const handshakes = (output.match(wanted) ?? []).join('').length
  if (beganAt === null || handshakes === 0)
    throw new Error(`openssl s_time saw no handshake that was wanted: ${JSON.stringify(output.slice(-300))}`)
  return { handshakes, perSecond: handshakes / (ms / 1_000) }
}
