import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

const withinMs = 60_000

/** Runs a command until it exits, and returns its output. Rejects with the output if the command fails. */
export async function runProgram([program, ...args], { env = {}, cwd } = {}) {
  const child = spawn(program, args, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: withinMs,
    killSignal: 'SIGKILL',
  })
  const [written, complained, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  if (code !== 0)
    throw new Error(`${[program, ...args].join(' ')}: ${signal ?? code}\n${written}${complained}`)
  return written
}
