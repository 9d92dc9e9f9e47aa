import { existsSync, readlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { ErrorCode } from '../../errors/error-catalog.ts'
import { whyFileFails } from '../../errors/file-error.ts'
import type { Fault } from '../../errors/launch-error.ts'
import { codeOf } from '../../errors/thrown.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import { reservedDeviceName } from '../../platform/files/absolute-path.ts'
import { isRiskyLink, obstacleOfKind } from '../../platform/files/open-log.ts'
import { isClosedOff, statIfReachable } from '../../platform/files/stat-if-reachable.ts'
import { writeObstacle } from '../../platform/files/write-obstacle.ts'
import { standardStream } from '../../platform/system/line-writer.ts'

/** Checks that the files which the launch will write can be written. Leaves nothing behind. */
export function fileFaults(options: ResolvedOptions): Fault[] {
  return [
    ...writeFaults({
      code: 'LOCKSTEP_ERR_LOG_FILE',
      what: 'access log',
      file: options['accessLog.file'].value,
      source: options['accessLog.file'].source.label,
    }),
    ...writeFaults({
      code: 'LOCKSTEP_ERR_PID_FILE',
      what: 'PID file',
      onlyRegular: true,
      followsLinks: false,
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
  onlyRegular = false,
  followsLinks = true,
}: {
  code: ErrorCode
  what: string
  file: string | null
  source: string
  /** Whether a FIFO or a device is refused too. */
  onlyRegular?: boolean
  /** Whether the path may be a symbolic link. */
  followsLinks?: boolean
}): Fault[] {
  if (file === null || standardStream(file) !== null) return []
  const fault = (reason: string): Fault[] => [
    {
      code,
      message: `The ${what} ${file} cannot be written: ${reason}.`,
      hint: 'Name a file in a folder that exists and is writable.',
      source,
    },
  ]
  const device = reservedDeviceName(file)
  if (device !== null) return fault(`${device} is the name of a device on Windows`)
  const link = linkObstacle(file, { followsLinks })
  if (link !== null) return fault(link)
  const found = statIfReachable(file)
  const obstacle = found && obstacleOfKind(found, { onlyRegular })
  if (obstacle) return fault(obstacle)
  const error = writeObstacle(file, { found: found ? (found.isFile() ? 'regular' : 'other') : 'missing' })
  if (error === null) return []
  return fault(
    !found && codeOf(error) === 'ENOENT' ? `there is no folder ${dirname(file)}` : whyFileFails(error),
  )
}

/** Why a path that is a symbolic link can't be written; `null` if it can, or is not a link. */
function linkObstacle(file: string, { followsLinks }: { followsLinks: boolean }): string | null {
  const target = linkTarget(file)
  if (target === null) return null
  if (!followsLinks) return 'it is a symbolic link'
  if (isRiskyLink(file)) return 'it is a symbolic link in a folder that another user can change'
  const folder = dirname(target)
  return existsSync(target) || existsSync(folder) || isClosedOff(folder)
    ? null
    : `it is a symbolic link to ${target}, and there is no folder ${folder}`
}

/** `null` when it is not a link. */
function linkTarget(file: string): string | null {
  try {
    return resolve(dirname(file), readlinkSync(file))
  } catch {
    return null
  }
}
