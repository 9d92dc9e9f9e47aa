import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { checkOwnScript } from '../files/own-files.ts'
import { serviceVariableNames } from '../system/service-variable-names.ts'
import { deleteVariables } from '../system/variable-names.ts'
import { folderForFork } from './current-folder.ts'
import { inheritedFlags } from './inherited-flags.ts'
import { nodeProgram } from './node-program.ts'

/** A longer answer is refused: the process may be another user's, and must not fill the memory of this one. */
const mostBytes = 4 * 1024 * 1024

/**
 * Starts a script of our own in a process of its own, and returns the line that it writes to its descriptor 3. Then the process is killed,
 * whatever it has left running, and so it is when this one ends before that. Its other output goes where ours goes. `isBare`: without what the flags of Node and NODE_OPTIONS
 * would have it load. Throws `LOCKSTEP_ERR_INSTALLATION_CHANGED` when Node or the script is gone.
 */
export async function runOwnScript(
  script: URL,
  {
    argument,
    withheld,
    isBare,
    mostMs,
  }: {
    argument: string
    /** Names of environment variables that the process must not get. */
    withheld: readonly string[]
    isBare: boolean
    mostMs: number
  },
): Promise<string> {
  const env: NodeJS.ProcessEnv = { ...process.env }
  deleteVariables(env, [...withheld, ...serviceVariableNames, ...(isBare ? ['NODE_OPTIONS'] : [])])
  const flags = isBare ? [] : inheritedFlags(process.execArgv)
  // It needs no signals, so it can do without the one that opens Node's inspector.
  const own = ['--disable-sigusr1', ...flags]
  checkOwnScript(script)
  const child = spawn(nodeProgram(), [...own, fileURLToPath(script), argument], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    cwd: folderForFork(),
    env,
    windowsHide: true,
  })
  const kill = (): void => void child.kill('SIGKILL')
  const late = setTimeout(kill, mostMs)
  process.once('exit', kill)
  try {
    await once(child, 'spawn')
    return await firstLine(child.stdio[3] as Readable)
  } finally {
    clearTimeout(late)
    process.off('exit', kill)
    kill()
  }
}

async function firstLine(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    text += chunk
    if (text.length > mostBytes) throw new Error('it answered with more than can be a configuration')
    if (text.endsWith('\n')) return text
  }
  throw new Error('its process ended without an answer, or took too long')
}
