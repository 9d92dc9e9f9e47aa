import { setTimeout as pause } from 'node:timers/promises'
import { within } from '../system/within.ts'
import { interruptConsole } from './interrupt-console.ts'
import { killMembers, membersOf, signalMember } from './program-members.ts'
import type { StartedProgram } from './start-program.ts'

/** Between two looks at what is left of a program. There is no event for the end of a process that is not a child. */
const lookMs = process.platform === 'win32' ? 500 : 25
/** What the system may take to end killed processes. */
const killedMs = 5_000

export interface StopOptions {
  /** On Windows it is always Ctrl-C: there are no signals. */
  readonly signal: NodeJS.Signals
  /** Then everything that is left is killed. Infinity waits. */
  readonly deadlineMs: number
}

/**
 * Stops a program gracefully, and resolves when no process of it is left: `forced` when some had to be killed.
 *
 * The first process alone gets the signal. The masters of Gunicorn and Uvicorn and `npm run` pass it on themselves, and many programs take a second
 * signal as "at once". What outlives the first process gets the signal then: a shell that does not pass it on ends by it, and its command follows.
 * On Windows a Ctrl-C in the console of the program reaches all of its processes, as if a user had typed it.
 */
export async function stopProgram(
  program: StartedProgram,
  { signal, deadlineMs }: StopOptions,
): Promise<{ readonly forced: boolean }> {
  const deadline = performance.now() + deadlineMs
  const left = (): number => Math.min(longestTimerMs, Math.max(0, deadline - performance.now()))
  if (!program.hasExited) {
    if (process.platform === 'win32') await within(interruptConsole(program.pid), left())
    else signalMember(program.pid, signal)
    await within(program.exited, left())
  }
  const asked = new Set<number>([program.pid])
  while (left() > 0) {
    const members = await membersOf(program)
    if (members.length === 0) {
      await program.closeOutput()
      return { forced: false }
    }
    if (process.platform !== 'win32')
      for (const one of members) {
        if (!asked.has(one)) signalMember(one, signal)
        asked.add(one)
      }
    await pause(Math.min(lookMs, left()))
  }
  const forced = (await membersOf(program)).length > 0
  await killProgram(program)
  return { forced }
}

/** setTimeout() takes no more. */
const longestTimerMs = 2 ** 31 - 1

/** Ends a program with all that it has started, at once. Resolves when no process of it is left. */
export async function killProgram(program: StartedProgram): Promise<void> {
  const deadline = performance.now() + killedMs
  do {
    await killMembers(program)
    await pause(lookMs)
  } while (performance.now() < deadline && (await membersOf(program)).length > 0)
  await program.closeOutput()
}
