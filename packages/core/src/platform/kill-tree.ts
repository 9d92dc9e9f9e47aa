import treeKill from 'tree-kill'
import { onPath } from './on-path.ts'

/**
 * The last resort: ends a process and all that it started, at once. tree-kill asks `ps` on Linux and dies of its absence
 * (minimal containers), so without it the process alone is ended. Settles when the program that it is done with has ended too
 * (`ps`, `taskkill`), which must not outlive the launcher.
 */
export async function killTree(pid: number): Promise<void> {
  if (process.platform === 'linux' && !onPath('ps')) {
    killOne(pid)
    return
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  treeKill(pid, 'SIGKILL', (error) => {
    if (error) killOne(pid)
    resolve()
  })
  await promise
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already, which is what was wanted.
  }
}
