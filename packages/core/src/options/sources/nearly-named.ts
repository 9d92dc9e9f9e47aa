import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A file of a folder whose name is nearly one that is looked for: in another case (`Lockstep.Config.json`, where the file system distinguishes cases
 * apart), or with the `.txt` that Notepad adds. `null` if there is none. Its user believes that it is read.
 */
export function nearlyNamed(directory: string, wanted: readonly string[]): string | null {
  const names = namesIn(directory)
  const found = names.find((name) => {
    const plain = name.toLowerCase().replace(/\.txt$/, '')
    return !wanted.includes(name) && wanted.includes(plain)
  })
  return found === undefined ? null : join(directory, found)
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return [] // A folder that can't be listed hides such a file; one by its right name is still found.
  }
}
