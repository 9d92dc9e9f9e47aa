import { descendantsIn } from '../process/descendants.ts'
import { killTree } from '../process/kill-tree.ts'
import { processTable } from '../process/process-table.ts'
import { markedProcesses } from './launcher-mark.ts'
import { windowsTree } from './windows-tree.ts'

/** How a program is found again, also when its first process has ended. */
export interface ProgramIdentity {
  /** Its first process, which leads a process group and a session of its own on POSIX. */
  readonly pid: number
  /** In the environment of all that it starts: see `newMark()`. */
  readonly mark: string
  /** `Date.now()` just after it was started. Windows uses the id of a process that has ended for another one. */
  readonly since?: number
}

/**
 * The live processes of a program: its first one, its group and its session, whatever has its mark, and all that those have started. A daemon
 * leaves the tree and the group, but on Linux its mark shows where it comes from. Windows has parents alone.
 */
export async function membersOf(program: ProgramIdentity): Promise<readonly number[]> {
  return process.platform === 'win32' ? windowsTree(program) : posixMembersOf(program)
}

export function posixMembersOf({ pid, mark }: ProgramIdentity): readonly number[] {
  const table = processTable()
  const near = table.filter((one) => one.pid === pid || one.group === pid || one.session === pid)
  const marked = markedProcesses(mark, table)
  const roots = [...new Set([...near.map((one) => one.pid), ...marked])]
  const ended = new Set(table.flatMap((one) => (one.isZombie ? [one.pid] : [])))
  return [...roots, ...descendantsIn(table, roots)].filter((one) => !ended.has(one) && one !== process.pid)
}

/** The last resort: ends every process of a program at once. Resolves when all were signalled. */
export async function killMembers(program: ProgramIdentity): Promise<void> {
  if (process.platform === 'win32') {
    const members = await windowsTree(program)
    if (members.includes(program.pid)) await killTree(program.pid)
    // What the tree of `taskkill` lacks: children of a process that has ended.
    for (const one of members) signalMember(one, 'SIGKILL')
    return
  }
  killPosixMembers(program)
}

/** They are stopped first, so that none of them starts another one while the rest is looked for. */
export function killPosixMembers(program: ProgramIdentity): void {
  const found = new Set<number>()
  for (;;) {
    const more = posixMembersOf(program).filter((one) => !found.has(one))
    if (more.length === 0) break
    for (const one of more) {
      found.add(one)
      signalMember(one, 'SIGSTOP')
    }
  }
  for (const one of found) signalMember(one, 'SIGKILL')
}

/** Returns false when it is gone, which is what was wanted, or belongs to another user. */
export function signalMember(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
