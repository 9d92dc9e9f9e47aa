import { readFileSync } from 'node:fs'
import { findProgram } from '../system/find-program.ts'

export interface User {
  readonly name: string
  readonly uid: number
  /** Of its main group. */
  readonly gid: number
  readonly home: string
}

/**
 * A user of this system by its name or, in digits, its number; `null` when there is none. passwd(5) first, then whatever directory
 * the system asks beside it, by getent(1).
 */
export async function findUser(given: string): Promise<User | null> {
  const [name = '', , uid, gid, , home = '/'] = (await findRow('passwd', given)) ?? []
  return uid === undefined ? null : { name, uid: idOf(uid), gid: idOf(gid), home }
}

/** The number of a group, by its name or its number. A number needs no entry. */
export async function findGroup(given: string): Promise<number | null> {
  if (isNumber(given)) return Number(given)
  const [, , gid] = (await findRow('group', given)) ?? []
  return gid === undefined ? null : idOf(gid)
}

/** macOS writes -2 for the `nobody` of 32 bits. */
function idOf(digits = ''): number {
  return Number(digits) >>> 0
}

export function isNumber(given: string): boolean {
  return /^\d+$/.test(given)
}

/** Both files have the number in their third column. */
async function findRow(database: 'passwd' | 'group', given: string): Promise<string[] | null> {
  const column = isNumber(given) ? 2 : 0
  const find = (text: string): string[] | undefined =>
    text
      .split('\n')
      .map((line) => line.split(':'))
      .find((columns) => columns.length > 3 && columns[column] === given)
  return find(readLocal(database)) ?? find(await askDirectory(database, given)) ?? null
}

function readLocal(database: string): string {
  try {
    return readFileSync(`/etc/${database}`, 'utf8')
  } catch {
    return '' // An image without the file has no such users: then the directory is asked, and says no.
  }
}

async function askDirectory(database: string, given: string): Promise<string> {
  const program = findProgram('getent')
  if (program === null) return ''
  const { execa } = await import('execa')
  const { stdout = '' } = await execa(program, [database, given], {
    reject: false,
    timeout: 10_000,
    env: {},
    extendEnv: false,
  })
  return stdout
}
