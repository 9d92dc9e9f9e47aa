import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { serviceVariableNames } from '../options/service-variables.ts'
import { inheritedFlags } from './inherited-flags.ts'

/**
 * Variables that are not for workers: those with a secret of the launch (key material reaches a worker by message, never by the
 * environment), and those of a service manager, which are for the process that it started.
 */
const withheld = ['LOCKSTEP_TLS_PASSPHRASE', ...serviceVariableNames] as const

/**
 * Starts a Node process with a channel for messages and handles. It writes to our standard streams and reads none, and its
 * channel closes when we are gone, however that came about.
 */
export function forkWorker(entry: URL, { id }: { id: number }): ChildProcess {
  const env = { ...process.env, LOCKSTEP_WORKER: String(id) }
  for (const name of withheld) delete (env as NodeJS.ProcessEnv)[name]
  return fork(fileURLToPath(entry), [], {
    // Structured clone, for bytes and dates in the plan.
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: inheritedFlags(process.execArgv),
    env,
    windowsHide: true,
  } as Parameters<typeof fork>[2])
}
