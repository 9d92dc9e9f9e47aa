// Starts a server of others, sees what it does at its port, and ends it with all that it has started.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { killTree } from '../../bench/subjects/process-tree.mjs'
import { askPlain, askTls } from './ask.mjs'

/** Until it listens. */
const bootMs = 45_000
/** From then on, until a connection works. */
const deadlineMs = 12_000
const lookMs = 200

/**
 * Runs the command until it serves or ends, and passes what was seen to `look`, together with the running server. `seen` is one of
 * - `tls`: it answers over TLS,
 * - `plain`: it answers in plain HTTP with success,
 * - `ended`: it has ended with an exit code other than 0,
 * - `nothing`: it runs, and no connection works.
 */
export async function withForeign({ command, env = {}, cwd, port, client }, look) {
  const [program, ...args] = command
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-20_000)
    })
  const ended = once(child, 'exit').catch((error) => [error.message])
  let end = null
  void ended.then(([code, signal]) => {
    end = signal ?? code
  })
  const onExit = () => killTree(child.pid ?? null)
  process.once('exit', onExit)
  try {
    const seen = await untilSeen({ port, client, hasEnded: () => end !== null })
    return await look({ seen, end, output: () => output, child, port })
  } finally {
    killTree(child.pid ?? null)
    await ended
    process.off('exit', onExit)
  }
}

async function untilSeen({ port, client, hasEnded }) {
  const began = performance.now()
  let listensSince = null
  while (performance.now() < (listensSince === null ? began + bootMs : listensSince + deadlineMs)) {
    if (hasEnded()) return 'ended'
    const { status: plain, isConnected } = await askPlain(port)
    if (isConnected) listensSince ??= performance.now()
    if (plain !== null && plain < 400) return 'plain'
    const tls = await askTls(port, client)
    if (tls.status !== null) return 'tls'
    await pause(lookMs)
  }
  return hasEnded() ? 'ended' : 'nothing'
}
