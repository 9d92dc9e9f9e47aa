// Starts a server, and ends it with all that it has started.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { killTree, treeOf } from '../../bench/subjects/process-tree.mjs'

const bootMs = 40_000
const endMs = 20_000
const withheld = /^(LOCKSTEP_|PORT$|HOST$|HOSTNAME$|WEB_CONCURRENCY$|NODE_OPTIONS$|NODE_ENV$|VITEST)/

/**
 * Runs `command` until its output has a line with its address, and returns the server, or how it ended: `{ end, output }` with the exit code or
 * signal. A program may serve only some time after it listens: `says` is
 * what each of its `workers` writes then. The caller disposes of a server.
 */
export async function startServer({ command, cwd, env = {}, says, workers = 1 }) {
  const [program, ...args] = command
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !withheld.test(name)))
  const child = spawn(program, args, {
    cwd,
    env: { ...inherited, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = watchOutput(child)
  const ended = once(child, 'close').then(([code, signal]) => signal ?? code)
  const onExit = () => killTree(child.pid ?? null)
  process.once('exit', onExit)
  const dispose = async () => {
    killTree(child.pid ?? null)
    await ended
    process.off('exit', onExit)
  }
  const url = await Promise.race([
    output.until(/(?:➜ Local: +|control: )(https?:\/\/\S+)/, bootMs).then((match) => match?.[1] ?? null),
    ended.then(() => null),
  ])
  if (url === null) {
    const end = child.exitCode ?? child.signalCode ?? 'nothing listened'
    await dispose()
    return { end, output: output.text(), [Symbol.asyncDispose]: async () => {} }
  }
  if (says) await output.until(new RegExp(`(?:${says}[^]*?){${workers}}`), bootMs)
  return {
    url: new URL(url),
    pid: child.pid,
    processes: () => treeOf(child.pid),
    output: output.text,
    until: output.until,
    kill: (signal) => child.kill(signal),
    /** The exit code or signal, or null after 20 seconds. */
    ended: () => Promise.race([ended, after(endMs)]),
    [Symbol.asyncDispose]: dispose,
  }
}

function watchOutput(child) {
  let text = ''
  const waiting = new Set()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      for (const look of waiting) look()
    })
  /** The first match in the output, or null when none has come in time. */
  const until = (pattern, ms) => {
    const { promise, resolve } = Promise.withResolvers()
    const look = () => {
      const match = pattern.exec(text)
      if (match) resolve(match)
    }
    waiting.add(look)
    look()
    return Promise.race([promise, after(ms)]).finally(() => waiting.delete(look))
  }
  return { text: () => text, until }
}

function after(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, null).unref()
  })
}
