import { readFileSync } from 'node:fs'

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

/** A user who is not the one of this process. */
export function anotherAccount(): Account {
  const nobody = accountOf('nobody')
  return nobody.uid === process.geteuid?.() ? accountOf('daemon') : nobody
}

/** Whether this process, and what it starts, may become anybody. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0
}
