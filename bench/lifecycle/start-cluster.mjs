import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { childrenOf } from '../subjects/process-tree.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const deadlineMs = 60_000

/** `lockstep run` with a cluster of workers, as in operation: control socket, verification and logs are on. */
export async function startCluster({ app = 'hello', workers = 3, flags = [] } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'lockstep-bench-'))
  const child = spawn(
    process.execPath,
    [
      here('../../packages/cli/bin/lockstep.js'),
      'run',
      here(`../apps/${app}.mjs`),
      ...['--backend', 'cluster', '--workers', String(workers)],
      ...['--port', '0', '--log-format', 'json', '--log-level', 'debug', ...flags],
    ],
    {
      env: { ...process.env, NO_COLOR: '1', XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  /** What the launcher has reported so far, each with the time when it arrived here. */
  const told = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      const parsed = line.startsWith('{') ? JSON.parse(line) : { message: line }
      told.push({ ...parsed, atMs: performance.now() })
      child.emit('told')
    })
  child.once('close', () => child.emit('told'))
  const waitFor = async (matches, from = 0) => {
    const signal = AbortSignal.timeout(deadlineMs)
    for (;;) {
      const found = told.slice(from).find(matches)
      if (found) return found
      if (child.exitCode !== null) throw new Error(`the server ended: ${JSON.stringify(told)}`)
      await once(child, 'told', { signal })
    }
  }
  const ready = await waitFor(({ type }) => type === 'ready')
  const count = (matches) => told.filter(matches).length
  return {
    pid: child.pid,
    child,
    url: ready.urls[0],
    count,
    told: () => told.length,
    waitFor,
    workers: () => childrenOf(child.pid),
    /** Resolves with the result once every worker was replaced. */
    async reload() {
      const from = told.length
      child.kill('SIGHUP')
      const result = await waitFor(({ message = '' }) => /^(reloaded|reload failed)/.test(message), from)
      if (!result.message.startsWith('reloaded')) throw new Error(result.message)
      return result
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      rmSync(home, { recursive: true, force: true })
    },
  }
}
