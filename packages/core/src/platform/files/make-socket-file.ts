import { chmodSync, chownSync, linkSync, lstatSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { SocketAccess } from '../net/address/planned-address.ts'
import { makePrivateFolder } from './private-folder.ts'

/**
 * Makes a socket file that has its mode and its owner before anybody else can see it: it is made in a folder that only we can
 * enter, and linked to its place when it is right. The umask would not do: it is one for all threads of a process, so that a log
 * file which is made meanwhile would get it too. A link, unlike a rename, fails when another file has taken the place.
 * Returns a function that removes the file, which libuv only knows by its first name.
 */
export async function makeSocketFile(
  { path, access }: { path: string; access: SocketAccess },
  { make, giveUp }: { make: (hidden: string) => void | Promise<void>; giveUp: () => void },
): Promise<() => void> {
  const folder = makePrivateFolder(path)
  const hidden = join(folder.path, 's')
  try {
    await make(hidden)
    try {
      if (access.uid !== null || access.gid !== null)
        chownSync(hidden, access.uid ?? unchanged, access.gid ?? unchanged)
      if (access.mode !== null) chmodSync(hidden, access.mode)
      linkSync(hidden, path)
    } catch (error) {
      giveUp()
      throw error
    }
    const { ino } = lstatSync(path)
    return () => removeOwn(path, ino)
  } finally {
    removeIfThere(hidden)
    folder.remove()
  }
}

/** chown(2): an id of -1 leaves it as it is. */
const unchanged = -1

/** Another program may have put another socket in its place. */
function removeOwn(path: string, inode: number): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.ino === inode) removeIfThere(path)
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It is gone already, or in a folder of root, and this process is not root any more: the next start replaces it.
  }
}
