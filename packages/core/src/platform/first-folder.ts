import { existsSync } from 'node:fs'
import { parse } from 'node:path'

/** Where this process was when it loaded the launcher; `null` when that folder was gone already. */
const first = currentFolder()

/**
 * Where a new process of Node starts. Its flags and NODE_OPTIONS are those of this process, and the relative paths in them (`--import
 * ./instrumentation.js`) start where this process was started, wherever it may be by now. A folder that is gone is replaced by the root.
 */
export function folderForFork(): string {
  return first !== null && existsSync(first) ? first : parse(process.execPath).root
}

/** `null` when it was removed. */
export function currentFolder(): string | null {
  try {
    return process.cwd()
  } catch {
    return null
  }
}
