import { lstatSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Whether only root can change what a folder's path leads to. Elsewhere the owner of a folder could put a link in our way while
 * we act as root.
 */
export function isRootOwnedPath(folder: string): boolean {
  try {
    return isRootOwnedChain(folder) && isRootOwnedChain(realpathSync(folder))
  } catch {
    return false // It is missing, or can't be followed.
  }
}

const writableByOthers = 0o022
const sticky = 0o1000

/** Each folder and link on the way is root's; others can't write to it, or as in /tmp can't replace what is not theirs. */
function isRootOwnedChain(folder: string): boolean {
  const found = lstatSync(folder)
  const isClosed =
    found.isSymbolicLink() || (found.mode & writableByOthers) === 0 || (found.mode & sticky) !== 0
  const parent = dirname(folder)
  return found.uid === 0 && isClosed && (parent === folder || isRootOwnedChain(parent))
}
