import { type Stats, statSync } from 'node:fs'
import { isAccessDenied } from '../../errors/file-error.ts'
import { codeOf } from '../../errors/thrown.ts'

/**
 * What is under a path, or `undefined` where nothing is to be seen: it is missing, a folder on the way is closed to this user, as
 * those of Certbot are, or links lead in a circle. Opening the path then says which of these it is.
 */
export function statIfReachable(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (isAccessDenied(error) || unreachable.has(codeOf(error))) return undefined
    throw error
  }
}

/** Whether a folder on the way to a path is closed to this user. */
export function isClosedOff(path: string): boolean {
  try {
    statSync(path)
    return false
  } catch (error) {
    return isAccessDenied(error)
  }
}

const unreachable: ReadonlySet<string> = new Set(['ELOOP', 'ENAMETOOLONG'])
