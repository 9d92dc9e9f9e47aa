import { entriesIfThere, textIfThere } from '../files/read-if-there.ts'
import { type ListedProcess, processTable } from './process-table.ts'

/** All that a process has started, and what that has started. Empty when nothing can be found out. */
export function descendantsOf(pid: number, platform: NodeJS.Platform = process.platform): number[] {
  return descendantsIn(processTable(platform), [pid])
}

/** The same for several processes, without these. */
export function descendantsIn(
  processes: readonly Pick<ListedProcess, 'pid' | 'parent'>[],
  roots: readonly number[],
): number[] {
  const children = childrenByParent(processes)
  const found = new Set(roots)
  // Grows while it is walked.
  for (const one of found) for (const child of children.get(one) ?? []) found.add(child)
  return [...found].filter((one) => !roots.includes(one))
}

/**
 * All that processes have started, and what that has started, without these. On Linux each process names its children (proc(5),
 * `/proc/pid/task/tid/children`), which takes a fraction of the time of a look at all processes. A kernel without it has the table alone. Empty on Windows.
 */
export function startedBy(roots: readonly number[]): readonly number[] {
  if (process.platform === 'win32') return []
  if (process.platform !== 'linux' || !namesChildren()) return descendantsIn(processTable(), roots)
  const found = new Set(roots)
  // Grows while it is walked.
  for (const pid of found) for (const child of childrenOf(pid)) found.add(child)
  return [...found].filter((pid) => !roots.includes(pid))
}

function childrenByParent(
  processes: readonly Pick<ListedProcess, 'pid' | 'parent'>[],
): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>()
  for (const { pid, parent } of processes) {
    const siblings = children.get(parent) ?? []
    siblings.push(pid)
    children.set(parent, siblings)
  }
  return children
}

/** A thread that starts a process is its parent there. */
function childrenOf(pid: number): readonly number[] {
  return entriesIfThere(`/proc/${pid}/task`).flatMap((thread) =>
    textIfThere(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  )
}

function namesChildren(): boolean {
  return entriesIfThere(`/proc/self/task/${process.pid}`).includes('children')
}
