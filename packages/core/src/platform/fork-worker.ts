import { type ChildProcess, fork } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { deleteSecretVariables } from '../options/secret-variables.ts'
import { serviceVariableNames } from '../options/service-variables.ts'
import { inheritedFlags } from './inherited-flags.ts'

/** Where a worker finds the pipe for its guard: behind the standard streams and the channel. */
export const guardDescriptor = 4

export interface ForkedWorker {
  readonly child: ChildProcess
  /** Our end of the pipe. `null` when no process could be started; the child then says why by its event 'error'. */
  readonly guard: Duplex | null
}

/**
 * Starts a Node process with a channel for messages and handles, and a pipe that needs no event loop of its main thread. It writes to
 * our standard streams and reads none, and both close when we are gone, however that came about.
 */
export function forkWorker(entry: URL, { id }: { id: number }): ForkedWorker {
  const env: NodeJS.ProcessEnv = { ...process.env, LOCKSTEP_WORKER: String(id) }
  // Key material reaches a worker by message, never by the environment.
  deleteSecretVariables(env)
  // A service manager means the process that it started.
  for (const name of serviceVariableNames) delete env[name]
  const child = fork(fileURLToPath(entry), [], {
    // Structured clone, for bytes and dates in the plan.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
    execArgv: inheritedFlags(process.execArgv),
    env,
    windowsHide: true,
  } as Parameters<typeof fork>[2])
  // Without a free descriptor there are no streams at all.
  const guard =
    ((child.stdio as typeof child.stdio | undefined)?.[guardDescriptor] as Duplex | undefined) ?? null
  // The worker may end at any time.
  guard?.on('error', () => undefined)
  return { child, guard }
}
