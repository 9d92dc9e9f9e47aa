import { closeSync, fstatSync, openSync } from 'node:fs'
import { LaunchError } from '../errors/launch-error.ts'
import { appendFlags, explainOpenError, obstacleOfKind } from '../platform/files/open-log.ts'
import { statIfReachable } from '../platform/files/stat-if-reachable.ts'
import { standardStream } from '../platform/system/line-writer.ts'

/**
 * Opens an access log that exists and is not a regular file, before anything is bound, and keeps it open: a FIFO without a reader is
 * refused now, and the reader of one does not see its end when a worker is replaced. Throws `LOCKSTEP_ERR_LOG_FILE`.
 */
export function holdLogFile(file: string | null): Disposable {
  if (file === null || standardStream(file) !== null || isRegularOrMissing(file))
    return { [Symbol.dispose]() {} }
  try {
    const descriptor = openSync(file, appendFlags(file))
    const close = (): void => closeSync(descriptor)
    const obstacle = obstacleOfKind(fstatSync(descriptor), { onlyRegular: false })
    if (obstacle === null) return { [Symbol.dispose]: close }
    close()
    throw new Error(obstacle)
  } catch (cause) {
    throw new LaunchError({
      code: 'LOCKSTEP_ERR_LOG_FILE',
      message: `The access log ${file} can't be written: ${explainOpenError(cause)}.`,
      hint: 'Start the reader of a FIFO first, or name a file.',
      source: 'accessLog.file',
      cause,
    })
  }
}

function isRegularOrMissing(file: string): boolean {
  return statIfReachable(file)?.isFile() ?? true
}
