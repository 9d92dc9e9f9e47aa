// Starts a Windows program in a namespace that is held, and ends it.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { processesOf, startVariable } from './processes-of-start.mjs'
import { environmentFor } from './wine-environment.mjs'

/** How long the system may take to end killed processes. */
const killMs = 10_000

/**
 * `words` are the program and its arguments, `cwd`, `stdout` and `stderr` paths of this machine. The exit code is that of the
 * Windows process, of which Linux keeps the lowest 8 bits.
 */
export function startInWine({ namespacePid, words, env, cwd, stdout, stderr }) {
  const id = randomUUID()
  const child = spawnInNamespace({
    namespacePid,
    words,
    env: { ...environmentFor(env), [startVariable]: id },
    cwd,
    stdout,
    stderr,
  })
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  return {
    ended,
    processes: () => processesOf(id).filter(({ pid }) => pid !== child.pid),
    /** Ctrl-C, which Wine makes of SIGINT. What the program has started without a window has a console of its own, and does not get it. */
    terminate() {
      const [program, script] = words
      for (const { pid, words: line } of processesOf(id))
        if (line[0] === program && line[1] === script) send(pid, 'SIGINT')
    },
    async kill() {
      const end = performance.now() + killMs
      for (let left = processesOf(id); left.length > 0; left = processesOf(id)) {
        if (performance.now() > end) throw new Error(`${left.length} processes under Wine cannot be ended.`)
        for (const { pid } of left) send(pid, 'SIGKILL')
        await pause(10)
      }
      await ended
    },
  }
}

/** Node under Wine fails with EBADF when a standard stream is a pipe of Linux, so they are files. */
function spawnInNamespace({ namespacePid, words, env, cwd, stdout, stderr }) {
  const outputs = [openSync(stdout, 'a'), openSync(stderr, 'a')]
  const enter = ['--target', String(namespacePid), '--mount', '--pid', '--root', '--wd']
  try {
    return spawn('nsenter', [...enter, '--', 'env', '-C', cwd, 'wine', ...words], {
      cwd: '/',
      env,
      stdio: ['ignore', ...outputs],
      detached: true,
    })
  } finally {
    for (const output of outputs) closeSync(output)
  }
}

function send(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It has ended meanwhile.
    if (error.code !== 'ESRCH') throw error
  }
}
