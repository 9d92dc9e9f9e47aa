import { statSync } from 'node:fs'

/**
 * The mode of a file that others than its owner may read, as octal digits, or `null` if there are none such. Root may share
 * what it owns with a group, as Debian's `ssl-cert` does. Windows has no such bits.
 */
export function modeOpenToOthers(file: string): string | null {
  if (process.platform === 'win32') return null
  const { mode, uid } = statSync(file)
  const allowed = uid === 0 ? 0o740 : 0o700
  return (mode & 0o777 & ~allowed) === 0 ? null : (mode & 0o777).toString(8).padStart(4, '0')
}
