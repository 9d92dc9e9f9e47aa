import { orphanedMarks } from './launcher-mark.ts'
import { killMembers } from './program-members.ts'

/**
 * Ends what is left of programs whose launcher is dead, as when launcher and guard were killed together. Linux alone shows them. Returns the ids of the processes
 * that were found.
 */
export async function endOrphans(): Promise<readonly number[]> {
  const orphans = [...orphanedMarks()]
  // No process has the id 0: what remains is found by its mark alone.
  for (const [mark] of orphans) await killMembers({ pid: noProcess, mark })
  return orphans.flatMap(([, pids]) => pids)
}

/** No process, group or session that this one can see has it: those of 0 are the kernel's, or outside this PID namespace. */
const noProcess = -1
