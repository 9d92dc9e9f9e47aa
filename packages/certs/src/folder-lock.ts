import { mkdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** What is done under the lock takes milliseconds: whoever held it for so long has died. */
const abandonedAfterMs = 10_000
const pollMs = 20

/**
 * Lets one process at a time do something in a folder, which must exist. The lock is a folder in it, because `mkdir` fails
 * for all but one on every file system. A lock that was abandoned is taken away.
 */
export async function withFolderLock<Result>(folder: string, act: () => Promise<Result>): Promise<Result> {
  const lock = join(folder, 'lock')
  while (!took(lock)) {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && Date.now() - since > abandonedAfterMs) release(lock)
    else await pause(pollMs)
  }
  try {
    return await act()
  } finally {
    release(lock)
  }
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
    // Another waiter took the abandoned lock away before us.
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
