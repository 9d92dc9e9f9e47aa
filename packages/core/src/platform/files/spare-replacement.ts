import { type BigIntStats, lstatSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder, type PrivateFolder } from './private-folder.ts'

/**
 * For a socket that libuv has bound to a path: closing it unlinks the path, whatever file is there by then. A new server may have removed the
 * file and made its own, which would be lost. Returns a function that calls another, which closes the socket, and spares such a file: it is
 * moved away and back, without a turn of the event loop between.
 */
export function spareReplacement(path: string): (close: () => void) => void {
  const own = lookAt(path)
  return (close) => {
    const moved = isSame(own, lookAt(path)) ? null : moveAway(path)
    try {
      close()
    } finally {
      moved?.restore()
    }
  }
}

/** `undefined` when nothing is there, or when the folder has been closed to this process, which then can unlink nothing there either. */
function lookAt(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true })
  } catch {
    return undefined
  }
}

/** The inode of a bound socket is not used again before the socket is closed. */
function isSame(own: BigIntStats | undefined, now: BigIntStats | undefined): boolean {
  return now === undefined || (own?.ino === now.ino && own.dev === now.dev)
}

/** `null` where this process can't move it, as on a full disk: then it may be lost. */
function moveAway(path: string): { restore: () => void } | null {
  let folder: PrivateFolder | undefined
  try {
    folder = makePrivateFolder(path)
    const { path: place, remove } = folder
    renameSync(path, join(place, 's'))
    return {
      restore: () => {
        renameSync(join(place, 's'), path)
        remove()
      },
    }
  } catch {
    folder?.remove()
    return null
  }
}
