import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { LaunchError } from '../../errors/launch-error.ts'
import { codeOf, messageOf } from '../../errors/thrown.ts'
import { within } from '../system/within.ts'
import { newMark } from './launcher-mark.ts'
import { OutputLines } from './output-lines.ts'
import { programEnvironment } from './program-environment.ts'
import type { ProgramGuard } from './program-guard.ts'
import type { ProgramIdentity } from './program-members.ts'

export interface ProgramLine {
  readonly stream: 'stdout' | 'stderr'
  /** Without its end. */
  readonly text: string
}

export interface ProgramExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface StartedProgram extends ProgramIdentity {
  /** Resolves when the first process has ended. What it has started may live on, and its last output may not have been read. */
  readonly exited: Promise<ProgramExit>
  readonly hasExited: boolean
  /** Why the command is not a program, if that became known by its end alone, as for a command that `cmd.exe` can't find. */
  readonly failure: LaunchError | null
  /**
   * Resolves when all that its processes have written was read. After a moment it closes the pipes: a process that could not be found may hold them.
   * To be called when no process of the program is known to be left.
   */
  closeOutput(): Promise<void>
}

export interface ProgramStart {
  /** A name that is looked up in PATH, or a path from `cwd`. */
  readonly command: string
  readonly args: readonly string[]
  /** In addition to the environment of this process. */
  readonly env: Readonly<Record<string, string>>
  /** Names of environment variables that the program must not get. */
  readonly withheld: readonly string[]
  readonly cwd: string
  readonly guard: ProgramGuard
  readonly onLine: (line: ProgramLine) => void
}

/** How long output is waited for when the processes have ended, and another one may hold the pipes. */
const lastOutputMs = 500

/**
 * Starts a program, and resolves once its process is there. cross-spawn finds what Windows can't start by itself, such as the `.cmd` files of npm, and
 * quotes for it. The program has no input. On POSIX it has a session of its own, so that no terminal signals it; on Windows a console of its own,
 * without a window. Rejects with `LOCKSTEP_ERR_PROGRAM_NOT_FOUND` or `LOCKSTEP_ERR_PROGRAM_START`.
 */
export async function startProgram(start: ProgramStart): Promise<StartedProgram> {
  const { command, args, cwd, guard, onLine } = start
  const mark = newMark()
  // Most launches start no program.
  const { default: spawn } = await import('cross-spawn')
  let child: ChildProcess
  try {
    child = spawn(command, [...args], {
      cwd,
      env: programEnvironment({ own: start.env, withheld: start.withheld, mark }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
  } catch (error) {
    throw notStarted(start, error)
  }
  const since = Date.now()
  const lines = (['stdout', 'stderr'] as const).map((stream) => readLines(child, stream, onLine))
  const allRead = Promise.all(lines)
  const exited = Promise.withResolvers<ProgramExit>()
  let hasExited = false
  child.once('exit', (code, signal) => {
    hasExited = true
    exited.resolve({ code, signal })
  })
  let failure: LaunchError | null = null
  child.on('error', (error) => {
    failure = notStarted(start, error)
    // cross-spawn emits this instead of 'exit'.
    if (child.pid !== undefined && child.exitCode !== null) {
      hasExited = true
      exited.resolve({ code: child.exitCode, signal: null })
    }
  })
  await spawned(child, start)
  const pid = child.pid ?? 0
  guard.watch({ pid, mark })
  return {
    pid,
    mark,
    since,
    exited: exited.promise,
    get failure() {
      return failure
    },
    get hasExited() {
      return hasExited
    },
    async closeOutput() {
      await within(allRead, lastOutputMs)
      child.stdout?.destroy()
      child.stderr?.destroy()
    },
  }
}

/** Resolves when the stream has ended. */
function readLines(
  child: ChildProcess,
  stream: 'stdout' | 'stderr',
  onLine: ProgramStart['onLine'],
): Promise<void> {
  const { promise, resolve: resolveEnd } = Promise.withResolvers<void>()
  const lines = new OutputLines((text) => onLine({ stream, text }))
  const input = child[stream]
  input?.on('data', (bytes: Buffer) => lines.push(bytes))
  input?.on('error', () => undefined)
  input?.once('close', () => {
    lines.end()
    resolveEnd()
  })
  if (!input) resolveEnd()
  return promise
}

/** cross-spawn reports a command that Windows could not find as an error too, when `cmd.exe` has ended with exit code 1. */
function spawned(child: ChildProcess, start: ProgramStart): Promise<void> {
  const { promise, resolve: resolveStart, reject } = Promise.withResolvers<void>()
  child.once('spawn', resolveStart)
  child.on('error', (error) => reject(notStarted(start, error)))
  return promise
}

const hints: Readonly<Record<string, string>> = {
  EACCES: 'Make it executable (`chmod +x`), or start it by its interpreter, as in `python3 FILE`.',
  EMFILE: 'Raise the limit of open files (`ulimit -n`).',
  EAGAIN: 'Raise the limit of processes of this user (`ulimit -u`), or that of its container (`pids.max`).',
  ENOMEM: 'Memory has run out.',
  E2BIG: 'Its arguments and environment are longer than the system allows.',
  ENOEXEC: 'It is not a program of this system. Start a script by its interpreter, as in `python3 FILE`.',
}

function notStarted({ command, cwd }: ProgramStart, cause: unknown): LaunchError {
  const code = codeOf(cause)
  if (code !== 'ENOENT')
    return new LaunchError({
      code: 'LOCKSTEP_ERR_PROGRAM_START',
      message: `The program ${command} could not be started: ${messageOf(cause)}.`,
      hint: hints[code] ?? 'Start it by hand to see what keeps it from running.',
      source: 'command',
      cause,
    })
  const [reason, cure] = whyNotFound(command, cwd)
  // Many users quote the whole command, as a shell or a container file would take it.
  const hint = /\s/.test(command)
    ? 'If this is a program with arguments, leave out the quotes around it: each argument is a word of its own.'
    : cure
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PROGRAM_NOT_FOUND',
    message: `The program ${command} could not be started: ${reason}.`,
    hint,
    source: 'command',
    cause,
  })
}

/** The system has one code for all of these. */
function whyNotFound(command: string, cwd: string): readonly [reason: string, hint: string] {
  if (!existsSync(cwd)) return [`the folder ${cwd} is not there`, 'Name a folder that exists (--chdir).']
  const isPath = isAbsolute(command) || /[\\/]/.test(command)
  if (!isPath)
    return [
      'no folder in PATH has it',
      'Install it, write its path, or activate the environment that has it (for Python, `source .venv/bin/activate`).',
    ]
  const path = resolve(cwd, command)
  return existsSync(path)
    ? [
        `${path} names an interpreter that is not there`,
        'Correct its first line (`#!…`), or install that interpreter.',
      ]
    : [`there is no ${path}`, 'Check the path. A relative one starts in the folder of --chdir.']
}
