import { readlinkSync, statSync } from 'node:fs'
import { isAbsolute, parse } from 'node:path'

/** Where this process was when it loaded the launcher, by its name. */
const first = realFolder() === null ? nameOfRemoved() : currentFolder()

/**
 * The folder of this process, by the name under which the user entered it, which the shell keeps in PWD (`pwd -L` of POSIX). A link in that name, such
 * as `current -> releases/2` of a deployment, is followed by whatever uses the name, each time. The system knows its target alone.
 * Of a folder that was removed only the name is left.
 */
export function currentFolder(): string {
  const real = realFolder()
  if (real === null) return first
  const named = folderOfShell()
  return named !== null && isSameFolder(named, real) ? named : real
}

/** The folder of this process without links; `null` when it was removed. */
export function realFolder(): string | null {
  try {
    return process.cwd()
  } catch {
    return null
  }
}

/**
 * Where a new process of Node starts. Its flags and NODE_OPTIONS are those of this process, and the relative paths in them (`--import
 * ./instrumentation.js`) start where this process was started, wherever it may be by now. A folder that is gone is replaced by the root.
 */
export function folderForFork(): string {
  return isFolder(first) ? first : parse(process.execPath).root
}

function folderOfShell(): string | null {
  const { PWD: named } = process.env
  return process.platform !== 'win32' && named !== undefined && isAbsolute(named) ? named : null
}

function nameOfRemoved(): string {
  const named = folderOfShell()
  if (named !== null) return named
  try {
    // proc(5): the name of what was removed has this behind it.
    return readlinkSync('/proc/self/cwd').replace(/ \(deleted\)$/, '')
  } catch {
    return parse(process.execPath).root
  }
}

function isSameFolder(one: string, other: string): boolean {
  try {
    const [left, right] = [statSync(one), statSync(other)]
    return left.dev === right.dev && left.ino === right.ino
  } catch {
    return false
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
