import { readdirSync, readFileSync } from 'node:fs'

/** All that a process has started, and what that has started, by proc(5): Linux alone has it. Empty when it can't be read. */
export function descendantsOf(pid: number): number[] {
  const children = childrenByParent()
  const found = [...(children.get(pid) ?? [])]
  // Grows while it is walked.
  for (const one of found) found.push(...(children.get(one) ?? []))
  return found
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>()
  for (const pid of processIds()) {
    const parent = parentOf(pid)
    if (parent === null) continue
    const siblings = children.get(parent) ?? []
    siblings.push(pid)
    children.set(parent, siblings)
  }
  return children
}

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
