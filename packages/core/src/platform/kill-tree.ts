import treeKill from 'tree-kill'
import { onPath } from './on-path.ts'

/**
 * The last resort: ends a process and all that it started, at once. tree-kill asks `ps` on Linux and dies of its absence
 * (minimal containers), so without it the process alone is ended.
 */
export function killTree(pid: number): void {
  if (process.platform === 'linux' && !onPath('ps')) killOne(pid)
  else treeKill(pid, 'SIGKILL', (error) => error && killOne(pid))
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already, which is what was wanted.
  }
}
