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
