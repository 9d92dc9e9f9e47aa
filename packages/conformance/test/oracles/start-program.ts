import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { LaunchPlan, RunningServer } from '@lockstep/core/backend'
import { freePort } from '../../src/clients/free-port.ts'
import { spawnProgram } from './spawn-program.ts'

/** An external server that runs one plan. */
export interface Program {
  readonly name: string
  readonly args: readonly string[]
  /** Returns the text for its standard input; the argument is its process id. */
  readonly input?: (pid: number) => string
  /** Finds the ids of the serving processes in its log so far. */
  workersIn(log: string, pid: number): readonly number[]
  readonly signals: {
    /** Stops it after the requests in flight have ended. */
    readonly graceful: NodeJS.Signals
    /** Stops it and its workers immediately. */
    readonly now: NodeJS.Signals
  }
}

/** Starts an oracle in the foreground, on a free port if the plan asks for one, and resolves once all its workers serve. */
export async function startProgram(
  plan: LaunchPlan,
  {
    signal,
    programFor,
  }: { signal: AbortSignal; programFor: (address: { host: string; port: number }) => Program },
): Promise<RunningServer> {
  const [address] = plan.addresses
  if (address?.kind !== 'tcp' || plan.addresses.length > 1)
    throw new TypeError('an oracle binds one TCP address')
  const attempts = address.port === 0 ? 3 : 1
  for (let attempt = 1; ; attempt += 1) {
    const bound = { host: address.host, port: address.port || (await freePort()) }
    try {
      const started = await startOnce(programFor(bound), { signal, workers: plan.workers })
      return running(started, { address: bound, gracefulMs: plan.timeouts.gracefulMs })
    } catch (error) {
      // The port was free when it was chosen, but another process bound it first.
      if (attempt === attempts || !/address already in use/i.test(String(error))) throw error
    }
  }
}

interface Started {
  readonly program: Program
  readonly child: ChildProcess
  readonly startedAt: Date
  readonly workers: readonly number[]
  /** Resolves with its exit code or signal. */
  readonly ended: Promise<string>
}

async function startOnce(
  program: Program,
  { signal, workers }: { signal: AbortSignal; workers: number },
): Promise<Started> {
  const startedAt = new Date()
  // A case ends its subject by SIGKILL; the kernel then ends the program for it (PR_SET_PDEATHSIG of prctl(2)).
  const deathSignal = program.signals.now.slice('SIG'.length)
  const child = spawnProgram('setpriv', ['--pdeathsig', deathSignal, program.name, ...program.args], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let log = ''
  const ended = once(child, 'exit').then(([code, by]) => `${program.name} ended (${by ?? code}): ${log}`)
  const kill = (): void => void child.kill(program.signals.now)
  signal.addEventListener('abort', kill, { once: true })
  void ended.then(() => signal.removeEventListener('abort', kill))

  const pid = child.pid ?? 0
  child.stdin?.on('error', () => undefined).end(program.input?.(pid) ?? '')
  const serving = new Promise<readonly number[]>((resolve) => {
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      log += String(text)
      const found = program.workersIn(log, pid)
      if (found.length >= workers) resolve(found)
    })
  })
  const first = await Promise.race([serving, ended])
  if (typeof first === 'string') throw new Error(first)
  return { program, child, startedAt, workers: first, ended }
}

function running(
  { program, child, startedAt, workers, ended }: Started,
  { address, gracefulMs }: { address: { host: string; port: number }; gracefulMs: number },
): RunningServer {
  let state: 'ready' | 'draining' | 'gone' = 'ready'
  const stopped = ended.then((how) => {
    const expected = state === 'draining'
    state = 'gone'
    return expected ? {} : { error: new Error(how) }
  })
  return {
    addresses: [{ kind: 'tcp', ...address }],
    workers: () =>
      state === 'gone'
        ? []
        : workers.map((pid, index) => ({
            id: index + 1,
            pid,
            state: state === 'draining' ? 'draining' : 'ready',
            startedAt,
            restarts: 0,
          })),
    stopped,
    applyTls: () => Promise.reject(new Error('an oracle is restarted')),
    async stop({ urgency = 'graceful' } = {}) {
      if (state === 'ready') state = 'draining'
      child.kill(urgency === 'graceful' ? program.signals.graceful : program.signals.now)
      const timer = setTimeout(() => child.kill(program.signals.now), gracefulMs)
      await stopped
      clearTimeout(timer)
    },
  }
}
