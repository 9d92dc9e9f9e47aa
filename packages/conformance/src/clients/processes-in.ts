import { readdirSync, readlinkSync } from 'node:fs'

/** The processes whose current folder is this one, by /proc: a subject and all that it has started, also what it no longer knows of. */
export function processesIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && folderOf(name) === folder)
    .map(Number)
}

function folderOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    // It has ended, is a zombie, or belongs to another user.
    return null
  }
}
