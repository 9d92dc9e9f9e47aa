import { spawn } from 'node:child_process'
import { once } from 'node:events'

const longestMs = 15 * 60_000

/** Runs a program to its end without its output. If it fails, the error has the last lines of it. */
export async function runStep(program, args, { cwd, env = {} } = {}) {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestMs,
  })
  let output = ''
  const collect = (chunk) => {
    output += chunk
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  const [code, signal] = await once(child, 'close').catch((error) => {
    throw new Error(`${program} can't be started: ${error.message}`)
  })
  if (code !== 0)
    throw new Error(
      `${program} ended with ${signal ?? code}:\n${output.trim().split('\n').slice(-12).join('\n')}`,
    )
  return output
}
