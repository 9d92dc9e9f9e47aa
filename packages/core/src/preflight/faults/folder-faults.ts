import { accessSync, constants } from 'node:fs'
import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import { isClosedOff, statIfReachable } from '../../platform/files/stat-if-reachable.ts'

/** What keeps the server from running in the folder that was chosen. */
export function folderFaults({ chdir: { value, source } }: ResolvedOptions): Fault[] {
  const problem = value === null ? null : problemOf(value)
  if (problem === null) return []
  return [
    {
      code: 'LOCKSTEP_ERR_FOLDER',
      message: `Can't change to the folder ${value} (${source.label}): ${problem}.`,
      hint: 'Name a folder that exists and that this user may enter.',
      source: source.label,
    },
  ]
}

function problemOf(folder: string): string | null {
  const found = statIfReachable(folder)
  if (!found) return isClosedOff(folder) ? 'permission is denied' : 'it does not exist'
  if (!found.isDirectory()) return 'it is not a folder'
  try {
    accessSync(folder, constants.X_OK)
    return null
  } catch {
    return 'permission is denied'
  }
}
