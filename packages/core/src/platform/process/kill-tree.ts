import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { findProgram } from '../system/find-program.ts'
import { descendantsOf } from './descendants.ts'

/** What Windows may take to end a tree, before the process alone is ended. */
const windowsMs = 5_000

/** Time for the search for descendants. After that, the caller ends the process alone. */
export const treeMs = process.platform === 'win32' ? windowsMs : 300

/**
 * The last resort: ends a process and all that it started, at once. Never rejects: what could not be found out about the tree, the process
 * itself is ended. On Windows it settles when `taskkill` has ended, which must not outlive the launcher.
 */
export async function killTree(
  pid: number,
  {
    platform = process.platform,
    endTree = endTreeOfWindows,
  }: { platform?: NodeJS.Platform; endTree?: (pid: number) => Promise<void> } = {},
): Promise<void> {
  if (platform !== 'win32') {
    stopDescendants(pid)
    return
  }
  await endTree(pid)
  // Whatever it says.
  signal(pid, 'SIGKILL')
}

/** Descendants are stopped first, so that none of them starts another one while the rest is looked for. */
function stopDescendants(pid: number): void {
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

/** Resolves when `taskkill` has ended, or could not. It is not one of the processes that end with this one, which may be in that tree. */
function endTreeOfWindows(pid: number): Promise<void> {
  const program = findProgram('taskkill')
  if (program === null) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const child = spawn(program, ['/pid', String(pid), '/T', '/F'], {
    cwd: dirname(program),
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  })
  const late = setTimeout(() => {
    child.kill('SIGKILL')
    resolve()
  }, windowsMs)
  const end = (): void => {
    clearTimeout(late)
    resolve()
  }
  child.once('error', end)
  child.once('exit', end)
  return promise
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It is gone already, which is what was wanted.
  }
}
