import { lstat, readlink } from 'node:fs/promises'
import { join, parse, relative, resolve, sep } from 'node:path'

/** As many links as Linux follows (path_resolution(7)). */
const mostLinks = 40

/** An entry of a folder. */
export interface Lookup {
  readonly folder: string
  readonly name: string
  /** A folder on the way: only another one in its place matters, and not what changes in it. */
  readonly isFolder?: true
}

/**
 * The entries of folders that decide what a path leads to: the file's own, and each folder and symbolic link on the way. Certbot swaps
 * the link that is the file, Kubernetes a link to a folder behind it, and others the folder itself; all are changes of such an entry. What does not exist is
 * looked for where it would appear.
 */
export async function lookupsOfPath(path: string): Promise<Lookup[]> {
  const lookups: Lookup[] = []
  let next: string | null = resolve(path)
  for (let links = 0; next !== null && links < mostLinks; links += 1) {
    const step: Step = await firstStep(next)
    lookups.push(...step.folders, step.lookup)
    next = step.next
  }
  return lookups
}

interface Step {
  /** On the way to the entry. */
  readonly folders: readonly Lookup[]
  readonly lookup: Lookup
  /** Where a link leads, with what stood behind it; `null` at the end of the way. */
  readonly next: string | null
}

/** The first link on a path; if there is none, its last entry. */
async function firstStep(path: string): Promise<Step> {
  const { root } = parse(path)
  const names = relative(root, path).split(sep)
  const folders: Lookup[] = []
  let folder = root
  for (const [index, name] of names.slice(0, -1).entries()) {
    const step = await follow({ folder, name }, names.slice(index + 1))
    if (step) return { ...step, folders }
    folders.push({ folder, name, isFolder: true })
    folder = join(folder, name)
  }
  const last = { folder, name: names.at(-1) ?? '' }
  return { folders, ...((await follow(last, [])) ?? { lookup: last, next: null }) }
}

/** `null` when the entry is not a link. */
async function follow(lookup: Lookup, behind: readonly string[]): Promise<Omit<Step, 'folders'> | null> {
  const entry = join(lookup.folder, lookup.name)
  try {
    if (!(await lstat(entry)).isSymbolicLink()) return null
    return { lookup, next: resolve(lookup.folder, await readlink(entry), ...behind) }
  } catch {
    return { lookup, next: null } // It is not there, or was replaced just now: its entry is what to watch.
  }
}
