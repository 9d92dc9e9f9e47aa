import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

// Debian has nginx and HAProxy there, and leaves it out of the PATH of users other than root.
const systemFolders = process.platform === 'win32' ? [] : ['/usr/sbin', '/usr/local/sbin']

/** The path of a program on this machine, or undefined. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...systemFolders]
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
  return folders
    .flatMap((folder) => suffixes.map((suffix) => join(folder, `${name}${suffix}`)))
    .find((file) => isExecutable(file))
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
