import type { Stats } from 'node:fs'

/** What is under a path, in words that complete "it is …"; `null` for a regular file. */
export function kindOfFile(found: Stats): string | null {
  if (found.isFile()) return null
  if (found.isDirectory()) return 'a folder'
  if (found.isSymbolicLink()) return 'a symbolic link'
  if (found.isFIFO()) return 'a FIFO (a named pipe)'
  if (found.isSocket()) return 'a socket'
  if (found.isBlockDevice()) return 'a block device'
  return 'a device'
}
