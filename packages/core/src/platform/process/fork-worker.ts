import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { checkOwnScript } from '../files/own-files.ts'
import { InspectorPorts } from '../node/inspector-ports.ts'
import { compileCacheOfWorkers } from '../node/start/compile-cache.ts'
import { serviceVariableNames } from '../system/service-variable-names.ts'
import { unblockOutput } from '../system/survive-stalled-output.ts'
import { deleteVariables } from '../system/variable-names.ts'
import { folderForFork } from './current-folder.ts'
import { inheritedFlags } from './inherited-flags.ts'
import { nodeProgram } from './node-program.ts'
import { controlDescriptor, guardDescriptor } from './worker-descriptors.ts'
import type { WorkerOutputListener } from './worker-output.ts'

const outputs = [
  ['stdout', 1],
  ['stderr', 2],
] as const

export interface ForkedWorker {
  readonly child: ChildProcess
  /** Our ends of the two pipes. `null` when no process could be started; the child then says why by its event 'error'. */
  readonly guard: Socket | null
  readonly control: Socket | null
}

const inspectorPorts = new InspectorPorts()

/**
 * Starts a Node process with three connections to this one. Node's own channel carries sockets, and messages of the app in JSON, as
 * under node:cluster and PM2. A pipe carries what primary and worker say to each other. A second pipe is for the guard, which needs no
 * event loop of the main thread. The process writes to our standard streams, or to a listener, and reads none. All of these close when we are gone,
 * however that came about. Throws `LOCKSTEP_ERR_INSTALLATION_CHANGED` when Node or the script is gone.
 */
export function forkWorker(
  entry: URL,
  {
    id,
    withheld,
    onOutput,
  }: {
    id: number
    /** Names of environment variables that the process must not get. */
    withheld: readonly string[]
    onOutput?: WorkerOutputListener | undefined
  },
): ForkedWorker {
  checkOwnScript(entry)
  const program = nodeProgram()
  const env: NodeJS.ProcessEnv = { ...process.env }
  // A service manager means the process that it started.
  deleteVariables(env, [...withheld, ...serviceVariableNames, 'LOCKSTEP_WORKER'])
  env['LOCKSTEP_WORKER'] = String(id)
  const inspector = inspectorPorts.take()
  const output = onOutput ? 'pipe' : 'inherit'
  const child = fork(fileURLToPath(entry), compileCacheOfWorkers(), {
    serialization: 'json',
    // Overlapped makes a difference on Windows only, where reading and writing would else wait for each other.
    stdio: ['ignore', output, output, 'ipc', 'pipe', 'overlapped'],
    execArgv: [...inheritedFlags(process.execArgv), ...inspector.flags],
    execPath: program,
    cwd: folderForFork(),
    env,
    windowsHide: true,
  } as Parameters<typeof fork>[2])
  unblockOutput()
  child.once('exit', inspector.release)
  const streamAt = (descriptor: number): Socket | null => {
    // Without a free descriptor there are no streams at all.
    const stream = (child.stdio as typeof child.stdio | undefined)?.[descriptor] as Socket | undefined
    // The worker may end at any time.
    stream?.on('error', () => undefined)
    return stream ?? null
  }
  for (const [stream, descriptor] of onOutput ? outputs : [])
    streamAt(descriptor)?.on('data', (data: Buffer) =>
      onOutput?.({ worker: id, pid: child.pid ?? 0, stream, data }),
    )
  return { child, guard: streamAt(guardDescriptor), control: streamAt(controlDescriptor) }
}
