import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/**
 * All that a process has started, and what that has started. On Linux it reads proc(5) itself: `ps` takes long, is missing in minimal
 * containers, and can't be started when descriptors or processes have run out. Empty when nothing can be found out.
 */
export function descendantsOf(pid: number, platform: NodeJS.Platform = process.platform): number[] {
  const children = childrenByParent(platform === 'linux' ? processesOfProc() : processesOfPs())
  const found = [...(children.get(pid) ?? [])]
  // Grows while it is walked.
  for (const one of found) found.push(...(children.get(one) ?? []))
  return found
}

interface Process {
  readonly pid: number
  readonly parent: number
}

function childrenByParent(processes: readonly Process[]): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>()
  for (const { pid, parent } of processes) {
    const siblings = children.get(parent) ?? []
    siblings.push(pid)
    children.set(parent, siblings)
  }
  return children
}

function processesOfProc(): Process[] {
  return processIds().flatMap((pid) => {
    const parent = parentOf(pid)
    return parent === null ? [] : [{ pid, parent }]
  })
}

/** By the program of the system, not by one that PATH or the current folder may have. */
function processesOfPs(): Process[] {
  const { stdout } = spawnSync('/bin/ps', ['-A', '-o', 'pid=,ppid='], {
    encoding: 'latin1',
    timeout: psMs,
    maxBuffer: 16_777_216,
  })
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number)
    return pid > 0 ? [{ pid, parent }] : []
  })
}

const psMs = 1_000

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    // Without a free descriptor even this can't be read.
    return []
  }
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name before it may have spaces and parentheses.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    // It has ended meanwhile.
    return null
  }
}
