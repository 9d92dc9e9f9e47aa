import { closeSync, constants, existsSync, fstatSync, mkdtempSync, openSync, rmdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { isRootOwnedPath } from '../accounts/root-owned-path.ts'

/** A folder that only this user can enter. */
export interface PrivateFolder {
  /** By which it is reached, whatever others do with its name meanwhile. */
  readonly path: string
  /** It must be empty. */
  remove(): void
}

/** What the path of a file in it may be longer than its parent: a folder of seven letters, and a name of one. */
export const privateNameBytes = '/.XXXXXX/s'.length

/**
 * Makes a folder beside a file. Where another user owns the parent, that one could rename it and put another folder there, with
 * links in it: root then goes by the open descriptor, which stays with the folder (Linux; elsewhere it is refused).
 */
export function makePrivateFolder(file: string): PrivateFolder {
  const parent = dirname(file)
  // Not by join(), which takes the dot away.
  const name = mkdtempSync(`${parent}/.`)
  if (process.geteuid?.() !== 0 || isRootOwnedPath(parent))
    return { path: name, remove: () => rmdirSync(name) }
  const descriptor = openSync(name, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  const path = `/proc/self/fd/${descriptor}`
  const remove = (): void => {
    closeSync(descriptor)
    removeUnlessReplaced(name)
  }
  const { uid, mode } = fstatSync(descriptor)
  if (uid === 0 && (mode & 0o077) === 0 && existsSync(path)) return { path, remove }
  remove()
  throw Object.assign(
    new Error(`${parent} is another user's, and no safe place for root to make a socket in`),
    {
      code: 'EACCES',
    },
  )
}

/** A file that another program has put in its place is left alone. */
function removeUnlessReplaced(name: string): void {
  try {
    rmdirSync(name)
  } catch {
    // It has been moved, or is another one that is not empty: nothing of ours is under this name any more.
  }
}
