import { readFileSync } from 'node:fs'

/** A process and all that descend from it, by proc(5). */
export function treeOf(pid) {
  return [pid, ...childrenOf(pid).flatMap(treeOf)]
}

/** Those that are alive. A process that has ended has none. */
export function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Ends a process and all that descend from it, if there is one. */
export function killTree(pid) {
  for (const each of pid === null ? [] : treeOf(pid)) kill(each)
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
