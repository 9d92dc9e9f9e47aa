// Starts a program in the workspace root, with its output visible.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { rootFolder } from './workspace.mjs'

/**
 * Resolves with the exit code; a death by signal counts as 128 + its number, as in a shell. `quietWhenGood` shows the output
 * only of a failure, `silent` never.
 */
export function runCommand(file, args, options = {}) {
  const { env, cwd = rootFolder, shell = false, onSpawn, quietWhenGood = false, silent = false } = options
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      shell,
      stdio: silent ? 'ignore' : quietWhenGood ? ['inherit', 'pipe', 'pipe'] : 'inherit',
    })
    const output = collectOutput(child)
    onSpawn?.(child)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      const exitCode = code ?? 128 + constants.signals[signal]
      if (exitCode !== 0) process.stderr.write(Buffer.concat(output))
      resolve(exitCode)
    })
  })
}

/** Empty when the child writes to our own output, which it does unless it was asked to be quiet. */
function collectOutput(child) {
  const chunks = []
  child.stdout?.on('data', (chunk) => chunks.push(chunk))
  child.stderr?.on('data', (chunk) => chunks.push(chunk))
  return chunks
}
