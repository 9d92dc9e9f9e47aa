import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { nodeProgram } from '../process/node-program.ts'
import type { ProgramIdentity } from './program-members.ts'

/** Ends programs when the launcher dies without having ended them, as by SIGKILL or when memory runs out. */
export interface ProgramGuard {
  watch(program: ProgramIdentity): void
  /** No process of it is left. */
  forget(program: ProgramIdentity): void
  /** Ends the guard. What it still watches is ended with it. */
  close(): void
}

const shell = '/bin/sh'
/** Ends programs thoroughly, with what has left their groups. */
const script = (): URL => new URL('./end-programs.js', import.meta.url)

/**
 * It waits for the end of a pipe that only the launcher holds. A shell that waits takes less than 1 MB, where Node takes 40. Each line that comes replaces
 * the list of programs: process id and mark, in turns. At the end the groups are stopped, so that nothing of them starts or serves any more; then
 * a Node finds what has left the groups; then, also without a Node, the groups are killed. `kill -s NAME -- -GROUP` is the one form that dash, bash and
 * busybox take.
 */
export const guardScript = `trap '' HUP INT QUIT TERM
programs=
while read -r line; do programs=$line; done
[ -n "$programs" ] || exit 0
send() { for word in $programs; do case $word in *:*) ;; *) kill -s $1 -- -"$word" 2>/dev/null;; esac; done; }
send STOP
LOCKSTEP_END_PROGRAMS=$programs "$@"
send KILL`

/**
 * Starts the guard, in a session of its own, where no signal to the launcher's group reaches it. Where it can't be started, programs
 * of a launcher that was killed live on until the next launcher ends them.
 */
export function openProgramGuard({ onFailure }: { onFailure: (error: Error) => void }): ProgramGuard {
  const programs = new Map<string, ProgramIdentity>()
  const guard = startGuard()
  guard.on('error', onFailure)
  guard.stdin?.on('error', () => undefined)
  // Neither the guard nor its pipe keeps the launcher running.
  guard.unref()
  ;(guard.stdin as Socket | null)?.unref()
  const send = (): void => {
    const words = [...programs.values()].flatMap(({ pid, mark }) => [String(pid), mark])
    guard.stdin?.write(`${words.join(' ')}\n`)
  }
  return {
    watch(program) {
      programs.set(program.mark, program)
      send()
    },
    forget({ mark }) {
      if (programs.delete(mark)) send()
    },
    close: () => guard.stdin?.end(),
  }
}

function startGuard(): ChildProcess {
  const node = [nodeProgram(), '--disable-sigusr1', fileURLToPath(script())] as const
  const [program, ...args] =
    process.platform !== 'win32' && existsSync(shell) ? [shell, '-c', guardScript, 'sh', ...node] : node
  return spawn(program, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
    cwd: '/',
    env: {
      PATH: '/usr/bin:/bin',
      ...(process.env['SystemRoot'] !== undefined && { SystemRoot: process.env['SystemRoot'] }),
    },
  })
}
