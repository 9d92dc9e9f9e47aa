import { readdirSync, readFileSync, statSync } from 'node:fs'
import { isAlive } from '../process/is-alive.ts'
/** What is known of a PID file. */
export interface FoundPidFile {
  readonly content: string
  readonly device: number
  readonly inode: number
  readonly writtenMs: number
}

/** Whether a PID file may be taken. If not, `reason` completes "The PID file …", and `cure` comes before "name another file". */
export type PidFileJudgement =
  | { readonly isFree: true }
  | { readonly isFree: false; readonly reason: string; readonly cure: string }

/** `/proc` counts in this unit on every architecture of Linux. */
const tickMs = 10
/** Ticks, and the clock of the file system, make a start look later than it was. */
const toleranceMs = 100

/**
 * A number in a file says little: the process may have died, and another one may have got its number. That is the rule in
 * containers, where numbers start again at 1. A process is the one that is meant when it has the file open, as our servers do, or
 * when it started before the file was written. Where there is no `/proc`, a live process is believed to be the one.
 */
export function judgePidFile(file: FoundPidFile): PidFileJudgement {
  const text = file.content.trim()
  if (text === '') return { isFree: true }
  if (!/^\d{1,10}$/.test(text))
    return { isFree: false, reason: 'holds something else than a process id', cure: 'Remove the file' }
  const pid = Number(text)
  // Our own number, from the time before this container was started again.
  if (pid === process.pid || pid === 0 || !isAlive(pid)) return { isFree: true }
  if (!hasOpen(pid, file) && startedAfter(pid, file.writtenMs)) return { isFree: true }
  return { isFree: false, reason: `names process ${pid}, which is alive`, cure: 'Stop that process first' }
}

function hasOpen(pid: number, { device, inode }: FoundPidFile): boolean {
  const folder = `/proc/${pid}/fd`
  return list(folder).some((name) => {
    try {
      const found = statSync(`${folder}/${name}`)
      return found.dev === device && found.ino === inode
    } catch {
      return false // It was closed meanwhile.
    }
  })
}

/** Empty where it can't be looked at: another user's process, or another system. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** False when that is not known. */
function startedAfter(pid: number, whenMs: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The 22nd field; the second one, in brackets, may hold anything (proc_pid_stat(5)).
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
    const uptimeMs = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1_000
    const startedMs = Date.now() - (uptimeMs - ticks * tickMs)
    // In the future: a container has its own count of the time since its start (lxcfs), and nothing is known.
    return startedMs > whenMs + toleranceMs && startedMs < Date.now() + 1_000
  } catch {
    return false
  }
}
