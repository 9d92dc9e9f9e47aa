import { newMark } from './launcher-mark.ts'
import { programEnvironment } from './program-environment.ts'
import { killMembers } from './program-members.ts'

export interface ProgramAnswer {
  readonly stdout: string
  readonly stderr: string
  /** `null`: a signal ended it, or it could not be started. */
  readonly exitCode: number | null
  /** It had not ended in time, and was killed. */
  readonly isLate: boolean
}

const mostBytes = 4_194_304

/**
 * Runs a program to its end, to learn something from it. It has no input, and the environment of a program that is served. What it has started is
 * killed when it ends, or with it when it takes too long.
 */
export async function askProgram(
  program: string,
  {
    args,
    cwd,
    env = {},
    withheld,
    timeoutMs,
    signal,
  }: {
    args: readonly string[]
    cwd: string
    /** In addition to the environment of this process. */
    env?: Readonly<Record<string, string>>
    /** Names of environment variables that the program must not get. */
    withheld: readonly string[]
    timeoutMs: number
    signal: AbortSignal
  },
): Promise<ProgramAnswer> {
  const { execa } = await import('execa')
  const mark = newMark()
  const running = execa(program, args, {
    cwd,
    env: programEnvironment({ own: env, withheld, mark }),
    extendEnv: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    cancelSignal: signal,
    maxBuffer: mostBytes,
    reject: false,
    windowsHide: true,
  })
  const since = Date.now()
  // What it leaves behind may hold its output, and then that has no end.
  const killed = Promise.withResolvers<void>()
  const killAll = (): Promise<void> => killMembers({ pid: running.pid ?? noProcess, mark, since })
  if (running.pid === undefined) killed.resolve()
  else running.nodeChildProcess.once('exit', () => void killAll().then(killed.resolve, killed.reject))
  const { stdout, stderr, exitCode, timedOut } = await running
  await killed.promise
  return { stdout: stdout ?? '', stderr: stderr ?? '', exitCode: exitCode ?? null, isLate: timedOut }
}

/** No process, group or session has this id: what is left is found by its mark alone. */
const noProcess = -1
