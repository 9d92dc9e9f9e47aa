import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { dirname, join, parse, resolve, sep } from 'node:path'
import { isGroupOfOthers } from './group-members.ts'

/** Which accounts may decide what a path leads to. */
export interface TrustRule {
  /** May own what is on the way. */
  readonly owners: ReadonlySet<number>
  /** The groups of the user that serves: what they may write, that user may. */
  readonly servedGroups: ReadonlySet<number>
}

/** Something on the way of a path that another user could change. */
export interface Distrust {
  /** A folder, a symbolic link or the file itself. */
  readonly path: string
  readonly is: 'folder' | 'link' | 'file'
  /** Another user owns it, or a group or every user may write to it. */
  readonly because: 'owner' | 'group' | 'others'
  readonly uid: number
  readonly gid: number
  /** Its permission bits, in octal. */
  readonly mode: string
}

/** As many links as Linux follows (path_resolution(7)). */
const mostLinks = 40
const [writableByGroup, writableByOthers, sticky] = [0o020, 0o002, 0o1000]

/**
 * Walks a path as the kernel does, from the root folder on and through each symbolic link, and looks at each folder before an entry of
 * it. In a sticky folder such as /tmp every user may add entries, but only the owner of an entry can replace it, so the entry's owner
 * decides. This is the rule of sshd's StrictModes and of sudo for sudoers, with the exception that Debian makes for groups without
 * other members. What is found first decides: behind it another user may have put anything. None is found where no other user can change what
 * the path leads to, and none behind an entry that is missing.
 *
 * `written` is for files that are written and not obeyed: a group may then write to the folders on the way, as to Ubuntu's /var/log.
 */
export function findDistrusts(
  path: string,
  rule: TrustRule,
  { written = false }: { written?: boolean } = {},
): readonly Distrust[] {
  const found: Distrust[] = []
  let { root: folder } = parse(resolve(path))
  let names = namesOf(resolve(path))
  let links = 0
  const look = (entry: string, stats: Stats): void => {
    const distrust = judge(entry, stats, { rule, written })
    if (distrust && !found.some(({ path: earlier }) => earlier === entry)) found.push(distrust)
  }
  look(folder, lstatSync(folder))
  while (names.length > 0) {
    const [name = '', ...rest] = names
    names = rest
    if (name === '..') {
      folder = dirname(folder) // It has no links in it any more.
      continue
    }
    const entry = join(folder, name)
    const stats = lstatIfThere(entry)
    if (!stats) break
    look(entry, stats)
    if (!stats.isSymbolicLink()) {
      folder = entry
      continue
    }
    links += 1
    if (links > mostLinks) break // Opening it will fail and say so.
    const target = readlinkSync(entry)
    if (target.startsWith(sep)) folder = parse(folder).root
    names = [...namesOf(target), ...names]
  }
  return found
}

function judge(
  path: string,
  found: Stats,
  { rule, written }: { rule: TrustRule; written: boolean },
): Distrust | null {
  const { uid, gid, mode } = found
  const is = found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : 'file'
  const distrust = (because: Distrust['because']): Distrust => ({
    path,
    is,
    because,
    uid,
    gid,
    mode: (mode & 0o7777).toString(8).padStart(4, '0'),
  })
  if (!rule.owners.has(uid)) return distrust('owner')
  // A device such as /dev/null stores nothing that others could change, and every user may write to some.
  if (found.isCharacterDevice()) return null
  // The bits of a link mean nothing.
  if (is === 'link' || (is === 'folder' && (mode & sticky) !== 0)) return null
  if ((mode & writableByOthers) !== 0) return distrust('others')
  if ((mode & writableByGroup) === 0 || (written && is === 'folder' && !rule.servedGroups.has(gid)))
    return null
  return isGroupOfOthers(gid, rule) ? distrust('group') : null
}

function namesOf(path: string): string[] {
  return path.split(sep).filter((name) => name !== '' && name !== '.')
}

function lstatIfThere(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined // A folder on the way is a file, or is closed even to root, as one of another machine may be.
  }
}
