import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const readyMs = 180_000
const stopMs = 60_000

/**
 * Starts a program with Langflow's data in `folder`: no telemetry, no login page, no starter flows. `asWindows`: what Langflow takes the
 * system for. It is killed with all its processes when it is disposed of.
 */
export function startServer(program, args, { folder, asWindows = false, env = {} }) {
  const mark = randomUUID()
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      LANGFLOW_CONFIG_DIR: join(folder, 'config'),
      LANGFLOW_DATABASE_URL: `sqlite:///${join(folder, 'langflow.db')}`,
      LANGFLOW_AUTO_LOGIN: 'true',
      LANGFLOW_SKIP_AUTH_AUTO_LOGIN: 'true',
      LANGFLOW_SUPERUSER: 'langflow',
      LANGFLOW_SUPERUSER_PASSWORD: 'langflow',
      LANGFLOW_CREATE_STARTER_PROJECTS: 'false',
      LANGFLOW_STORE: 'false',
      LANGFLOW_OPEN_BROWSER: 'false',
      DO_NOT_TRACK: 'true',
      LANGFLOW_DO_NOT_TRACK: 'true',
      PYTHONUNBUFFERED: '1',
      NO_COLOR: '1',
      ...(asWindows && { PYTHONPATH: join(import.meta.dirname, 'as-windows') }),
      ...env,
      LANGFLOW_MEASURED_BY: mark,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  const ended = once(child, 'close')
  const processes = () => processesWith(`LANGFLOW_MEASURED_BY=${mark}`)
  return {
    output: () => output,
    processes,
    signal: (signal) => child.kill(signal),
    /** Resolves with the milliseconds until the condition held. */
    async waitUntil(condition) {
      const startedAt = Date.now()
      while (!(await condition())) {
        if (child.exitCode !== null || Date.now() - startedAt > readyMs)
          throw new Error(`${program} is not ready:\n${output.slice(-3000)}`)
        await wait(250)
      }
      return Date.now() - startedAt
    },
    /** Asks it to end. Resolves with its exit code and what is left of it. */
    async stop() {
      const startedAt = Date.now()
      child.kill('SIGTERM')
      const [code, signal] = (await Promise.race([ended, wait(stopMs, undefined, { ref: false })])) ?? []
      return { code: code ?? signal ?? 'none', ms: Date.now() - startedAt, left: processes().length }
    },
    async [Symbol.asyncDispose]() {
      for (const pid of processes()) kill(pid)
      await ended
    },
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself.
    if (error.code !== 'ESRCH') throw error
  }
}

/** The processes that inherited a variable. Linux only. */
function processesWith(variable) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(variable)
      } catch {
        return false
      }
    })
    .map(Number)
}
