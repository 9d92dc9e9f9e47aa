import treeKill from 'tree-kill'
import { descendantsOf } from './descendants.ts'

/**
 * The last resort: ends a process and all that it started, at once. On Linux it reads proc(5) itself: tree-kill asks `ps` there, once
 * for each process, which takes long, is missing in minimal containers, and can't be started when descriptors or processes have
 * run out. Elsewhere it settles when the program that tree-kill asks has ended too (`pgrep`, `taskkill`), which must not outlive
 * the launcher. Never rejects: what could not be found out about the tree, the process itself is ended.
 */
export async function killTree(pid: number): Promise<void> {
  if (process.platform === 'linux') {
    killTreeOfProc(pid)
    return
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  try {
    treeKill(pid, 'SIGKILL', (error) => {
      if (error) signal(pid, 'SIGKILL')
      resolve()
    })
  } catch {
    // It could not even be asked.
    signal(pid, 'SIGKILL')
    resolve()
  }
  await promise
}

/** Descendants are stopped first, so that none of them starts another one while the rest is looked for. */
function killTreeOfProc(pid: number): void {
  const found = new Set<number>()
  for (;;) {
    const more = descendantsOf(pid).filter((one) => !found.has(one))
    if (more.length === 0) break
    for (const one of more) {
      found.add(one)
      signal(one, 'SIGSTOP')
    }
  }
  // The process itself is last: it may be the one that does this.
  for (const one of [...found, pid]) signal(one, 'SIGKILL')
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It is gone already, which is what was wanted.
  }
}
