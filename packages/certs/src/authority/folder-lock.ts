import { mkdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { errorCode } from '../error-code.ts'

/** Work under the lock takes milliseconds: a process that holds it for this long has died. */
const abandonedAfterMs = 10_000
const pollMs = 20

/**
 * Lets one process at a time do something in a folder, which must exist. The lock is a folder in it, because `mkdir` fails
 * for all but one on every file system. An abandoned lock is removed.
 */
export async function withFolderLock<Result>(folder: string, act: () => Promise<Result>): Promise<Result> {
  const lock = join(folder, 'lock')
  while (!took(lock)) {
    if (!tookAway(lock)) await pause(pollMs)
  }
  try {
    return await act()
  } finally {
    release(lock)
  }
}

/**
 * Removes an abandoned lock. Only one waiter may do so for a lock of that age. Another one that has also seen it, and is late, would remove the
 * lock of the next holder. (Its claim is valid for the same time, in case it dies.)
 */
function tookAway(lock: string): boolean {
  const since = takenAt(lock)
  const periods = since === null ? 0 : Math.floor((Date.now() - since) / abandonedAfterMs)
  if (since === null || periods === 0) return false
  const claim = `${lock}-${since}-${periods}`
  if (!took(claim)) return false
  try {
    if (takenAt(lock) !== since) return false
    release(lock)
    return true
  } finally {
    release(claim)
  }
}

function takenAt(lock: string): number | null {
  return statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? null
}

function took(lock: string): boolean {
  try {
    mkdirSync(lock, { mode: 0o700 })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

function release(lock: string): void {
  try {
    rmdirSync(lock)
  } catch (error) {
    // A waiter took the lock because it was held so long that it seemed abandoned.
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return errorCode(error) === code
}
