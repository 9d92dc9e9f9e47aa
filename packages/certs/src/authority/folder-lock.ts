import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { errorCode } from '../error-code.ts'

/** Work under the lock takes milliseconds: a process that holds it for this long has died, or does not run. */
const abandonedAfterMs = 10_000
const pollMs = 20

/** What a process can do while it holds the lock. */
export interface FolderLock {
  /**
   * Replaces a file of the folder. A reader sees the old text or the new text, and never a part. Throws when the lock was taken away, and
   * leaves the file as it is.
   */
  write(name: string, text: string, options: { mode: number }): void
}

/**
 * Lets one process at a time write to a folder, which must exist. A lock that is held for too long is taken away. Its holder may only be
 * stalled, on a machine that is overloaded or was suspended. When it runs again it can't write, and `act` is called again under a new lock.
 *
 * The lock is a folder that is moved into place with its content, which fails for all but one on every file system. In it is a folder
 * with the name of its holder. A file is written there, then moved into place, and the system refuses that if the path has gone. So no
 * time lies between the check of the lock and the write.
 */
export async function withFolderLock<Result>(
  folder: string,
  act: (lock: FolderLock) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const holder = randomUUID()
    const lock = join(folder, 'lock')
    while (!took(lock, holder)) {
      if (!tookAway(lock, holder)) await pause(pollMs)
    }
    try {
      return await act({
        write: (name, text, { mode }) =>
          publish(join(lock, holder, name), join(folder, name), { text, mode }),
      })
    } catch (error) {
      if (!(error instanceof LostLock)) throw error
    } finally {
      release(lock, holder)
    }
  }
}

class LostLock extends Error {}

function publish(draft: string, file: string, { text, mode }: { text: string; mode: number }): void {
  try {
    writeFileSync(draft, text, { mode, flag: 'wx' })
    renameSync(draft, file)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new LostLock('the lock was taken away', { cause: error })
    throw error
  }
}

function took(lock: string, holder: string): boolean {
  if (takenAt(lock) !== null) return false
  const own = `${lock}-${holder}`
  mkdirSync(join(own, holder), { recursive: true, mode: 0o700 })
  try {
    renameSync(own, lock)
    return true
  } catch (error) {
    remove(own)
    if (isInUse(error)) return false
    throw error
  }
}

/**
 * Removes an abandoned lock. A process that is late may find the lock of the next holder in its place, which then loses it and takes
 * another one.
 */
function tookAway(lock: string, taker: string): boolean {
  const since = takenAt(lock)
  if (since === null || Date.now() - since < abandonedAfterMs) return false
  const away = `${lock}-${taker}`
  try {
    renameSync(lock, away)
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || isInUse(error)) return false
    throw error
  }
  remove(away)
  return true
}

/** Does nothing to the lock of another holder, which is not empty. */
function release(lock: string, holder: string): void {
  remove(join(lock, holder))
  try {
    rmdirSync(lock)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && !isInUse(error)) throw error
  }
}

function takenAt(lock: string): number | null {
  return statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? null
}

/** A folder is in the way or not empty. Windows says EPERM or EACCES for that, and for a folder with an open file. */
function isInUse(error: unknown): boolean {
  const codes = ['EEXIST', 'ENOTEMPTY', ...(process.platform === 'win32' ? ['EPERM', 'EACCES', 'EBUSY'] : [])]
  return codes.includes(String(errorCode(error)))
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
