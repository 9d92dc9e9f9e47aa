import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A process of the system, as proc(5) or ps(1) show it. */
export interface ListedProcess {
  readonly pid: number
  readonly parent: number
  /** Its process group: setpgid(2). */
  readonly group: number
  /** Its session: setsid(2). 0 where the system does not say. */
  readonly session: number
  /** It has ended, and its parent has not taken note of that yet. */
  readonly isZombie: boolean
  /** When it was started, in ticks since the system was: proc(5). 0 where the system does not say. */
  readonly startedTicks: number
}

/**
 * Every process that this one can see, on POSIX. On Linux it reads proc(5) itself: `ps` takes long, is missing in minimal
 * containers, and can't be started when descriptors or processes have run out. Empty when nothing can be found out.
 */
export function processTable(platform: NodeJS.Platform = process.platform): readonly ListedProcess[] {
  return platform === 'linux' ? processesOfProc() : processesOfPs()
}

function processesOfProc(): ListedProcess[] {
  return processIds().flatMap((pid) => {
    const fields = statOf(pid)
    const [state, parent, group, session] = fields
    return state === undefined
      ? []
      : [
          {
            pid,
            parent: Number(parent),
            group: Number(group),
            session: Number(session),
            isZombie: isEnded(state),
            startedTicks: Number(fields[startField]),
          },
        ]
  })
}

/** By the program of the system, not by one that PATH or the current folder may have. */
function processesOfPs(): ListedProcess[] {
  const { stdout } = spawnSync('/bin/ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], {
    encoding: 'latin1',
    timeout: psMs,
    maxBuffer: 16_777_216,
  })
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [pid, parent, group, state = ''] = line.trim().split(/\s+/)
    return Number(pid) > 0
      ? [
          {
            pid: Number(pid),
            parent: Number(parent),
            group: Number(group),
            session: 0,
            isZombie: isEnded(state),
            startedTicks: 0,
          },
        ]
      : []
  })
}

const psMs = 1_000

function isEnded(state: string): boolean {
  return state.startsWith('Z') || state.startsWith('X')
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    // Without a free descriptor even this can't be read.
    return []
  }
}

/** Field 22 of /proc/PID/stat, counted from the state on. */
export const startField = 19

/** The fields of /proc/PID/stat from the state on; empty when the process has ended meanwhile. */
export function statOf(pid: number | 'self'): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name before it may have spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
