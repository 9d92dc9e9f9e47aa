import { readFileSync } from 'node:fs'

/**
 * Whether a group has members that are not among the trusted owners. Debian's sshd asks the same, since each user of Debian has a group of
 * its own, and files with mode 0664 in it. Group 0 also has accounts that can't be used, such as `sync` of Alpine and Red Hat: they do
 * not count. Where the members of a group can't be read, it counts as one of others; macOS keeps them elsewhere.
 */
export function isGroupOfOthers(
  gid: number,
  { owners, servedGroups }: { owners: ReadonlySet<number>; servedGroups: ReadonlySet<number> },
): boolean {
  if (servedGroups.has(gid)) return true
  if (process.platform !== 'linux') return gid !== 0
  const entry = rowsOf('group').find((row) => Number(row[2]) === gid)
  if (!entry && gid !== 0) return true
  const users = rowsOf('passwd')
  const uidOf = (name: string): number => Number(users.find((row) => row[0] === name)?.[2] ?? Number.NaN)
  const added = namesIn(entry?.[3]).map(uidOf)
  const main = users
    .filter((row) => Number(row[3]) === gid && !(gid === 0 && !canLogIn(row[6])))
    .map((row) => Number(row[2]))
  return [...added, ...main].some((uid) => !owners.has(uid))
}

/** All groups of a user that this machine's own files know; those of a directory service are added when the process becomes that user. */
export function localGroupsOf(name: string): number[] {
  return rowsOf('group')
    .filter((row) => namesIn(row[3]).includes(name))
    .map((row) => Number(row[2]))
}

/** These end at once, or end the machine. */
function canLogIn(shell = ''): boolean {
  return !/\/(nologin|false|sync|shutdown|halt)$/.test(shell.trim())
}

function namesIn(list = ''): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function rowsOf(database: 'passwd' | 'group'): string[][] {
  try {
    return readFileSync(`/etc/${database}`, 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((columns) => columns.length > 3)
  } catch {
    return [] // An image without the files has no other accounts.
  }
}
