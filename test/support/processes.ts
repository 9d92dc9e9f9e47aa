import { readdirSync, readFileSync } from 'node:fs'
import { waitUntil } from './wait-until.ts'

/** The processes whose environment has this launch id, by proc(5). A zombie has no environment any more. */
export function liveProcesses(launchId: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => read(`/proc/${pid}/environ`).includes(`TEST_LAUNCH_ID=${launchId}`))
}

/** Fails when a process is still there after a moment: a leak. */
export async function waitUntilGone(left: () => readonly number[], deadlineMs = 5_000): Promise<void> {
  await waitUntil(() => left().length === 0, {
    deadlineMs,
    what: () => `processes ${left().join(', ')} to be gone`,
  })
}

/** A process may end while it is read. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** The live children of a process: for the primary of a cluster, its workers. */
export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
}

/** Kills a process that must be there. Without this check, a missing id would be 0, which is the whole process group (kill(2)). */
export function killProcess(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid === undefined || !(pid > 0)) throw new Error('there is no such process to kill')
  process.kill(pid, signal)
}
