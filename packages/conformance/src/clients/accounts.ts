import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { findOnPath } from '@lockstep/core/internal'

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** A user of this system, by passwd(5). */
export function accountOf(name: string): Account {
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find((columns) => columns[0] === name)
  if (!row) throw new Error(`this system has no user ${name}`)
  return { name, uid: Number(row[2]), gid: Number(row[3]) }
}

/** A user who is not the one of this process. Both are on every system. The number of `nobody` differs, which does not matter here. */
export function anotherAccount(): Account {
  const daemon = accountOf('daemon')
  return daemon.uid === process.geteuid?.() ? accountOf('nobody') : daemon
}

/** The numbers of all groups of a user, sorted, as id(1) prints them. */
export function groupsOf(name: string): number[] {
  return execFileSync(findOnPath('id') ?? 'id', ['-G', name], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number)
    .sort((a, b) => a - b)
}

/** Whether this process and its children may become any user. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0
}
