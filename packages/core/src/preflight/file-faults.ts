import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ErrorCode } from '../errors/error-catalog.ts'
import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { isClosedOff, statIfReachable } from '../platform/stat-if-reachable.ts'

/** Checks that the files which the launch will write can be written. Writes nothing. */
export function fileFaults(options: ResolvedOptions): Fault[] {
  return [
    ...writeFaults({
      code: 'ERR_LOG_FILE',
      what: 'access log',
      file: options['accessLog.file'].value,
      source: options['accessLog.file'].source.label,
    }),
    ...writeFaults({
      code: 'ERR_PID_FILE',
      what: 'PID file',
      file: options.pidFile.value,
      source: options.pidFile.source.label,
    }),
  ]
}

/** What keeps a file from being written, if anything does. */
export function writeFaults({
  code,
  what,
  file,
  source,
}: {
  code: ErrorCode
  what: string
  file: string | null
  source: string
}): Fault[] {
  if (file === null || file === '-') return []
  const fault = (reason: string): Fault[] => [
    {
      code,
      message: `The ${what} ${file} can not be written: ${reason}.`,
      hint: 'Name a file in a folder that exists and is writable.',
      source,
    },
  ]
  const found = statIfReachable(file)
  if (found?.isDirectory()) return fault('it is a folder')
  try {
    accessSync(found ? file : dirname(file), constants.W_OK)
    return []
  } catch {
    return fault(
      found || isClosedOff(file) || existsSync(dirname(file))
        ? 'permission is denied'
        : `there is no folder ${dirname(file)}`,
    )
  }
}
