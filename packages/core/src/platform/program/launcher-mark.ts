import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { type ListedProcess, startField, statOf } from '../process/process-table.ts'

/** The environment variable that every program of a launcher has, with all that the program starts. A program may be Lockstep itself, which refuses unknown variables of its own prefix. */
const markVariable = '_LOCKSTEP_PROGRAM'

/**
 * Marks a program in its environment, so that its processes can be found when they have left its group and their parents have ended. The mark
 * names the launcher by its process id and start time, in its PID namespace (pid_namespaces(7)): another launcher can see that it is dead.
 */
export function newMark(): string {
  return [namespaceOf('self'), process.pid, startOf('self') ?? 0, randomUUID()].join(':')
}

export function markedEnvironment(mark: string): Record<string, string> {
  return { [markVariable]: mark }
}

/**
 * The processes that have this mark. Only Linux shows the environment of a process, and only that of processes of the same user, or to root. Those that
 * are older than the launcher are not looked at: on a machine with thousands of processes that takes most of the time.
 */
export function markedProcesses(mark: string, processes: readonly ListedProcess[]): number[] {
  if (process.platform !== 'linux') return []
  const launcherStart = Number(mark.split(':')[2])
  return processes.flatMap(({ pid, startedTicks }) =>
    startedTicks >= launcherStart && markOf(pid) === mark ? [pid] : [],
  )
}

/** Marks of launchers in this PID namespace that are dead, with the processes that still have them. */
export function orphanedMarks(): ReadonlyMap<string, readonly number[]> {
  const marks = new Map<string, number[]>()
  if (process.platform !== 'linux') return marks
  const own = namespaceOf('self')
  for (const pid of ids()) {
    const mark = markOf(pid)
    // Below this namespace the ids of launchers mean other processes.
    if (mark === null || namespaceOf(pid) !== own || !isOfDead(mark, own)) continue
    marks.set(mark, [...(marks.get(mark) ?? []), pid])
  }
  return marks
}

function isOfDead(mark: string, namespace: string): boolean {
  const [of, launcher, start] = mark.split(':')
  if (of !== namespace || !/^[1-9]\d*$/.test(launcher ?? '') || start === undefined) return false
  const [state] = statOf(Number(launcher))
  // `hidepid` and `ProtectProc=` hide a process that lives.
  if (state === undefined) return isGone(Number(launcher))
  return /^[ZX]/.test(state) || startOf(Number(launcher)) !== start
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function markOf(pid: number): string | null {
  const entry = read(`/proc/${pid}/environ`)
    .split('\0')
    .find((one) => one.startsWith(`${markVariable}=`))
  return entry?.slice(markVariable.length + 1) ?? null
}

/** In ticks since the system was started. */
function startOf(pid: number | 'self'): string | undefined {
  return statOf(pid)[startField]
}

function namespaceOf(pid: number | 'self'): string {
  try {
    return /\d+/.exec(readlinkSync(`/proc/${pid}/ns/pid`))?.[0] ?? ''
  } catch {
    return ''
  }
}

function ids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** A process may end while it is read, or be another user's. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
