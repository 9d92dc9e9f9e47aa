import { accessSync, closeSync, constants, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The error for which a file can't be written, or can't be made where it is missing; `null` when it can. A regular file is opened for
 * writing and closed again, which changes nothing: `access()` knows neither the access control lists of Windows
 * (https://nodejs.org/api/fs.html#fsaccesspath-mode-callback) nor that another program has locked the file. Elsewhere than on Windows, a FIFO or a
 * device is not opened: the reader of a FIFO would see its end. Where a file is missing, Windows is asked by a file beside it, which is removed at once.
 */
export function writeObstacle(
  file: string,
  {
    found,
    platform = process.platform,
  }: { found: 'regular' | 'other' | 'missing'; platform?: NodeJS.Platform },
): Error | null {
  try {
    if (found === 'missing' && platform === 'win32') makeAndRemove(`${file}.${process.pid}.trial`)
    else if (found === 'missing') accessSync(dirname(file), constants.W_OK | constants.X_OK)
    else if (found === 'other' && platform !== 'win32') accessSync(file, constants.W_OK)
    else closeSync(openSync(file, constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0)))
    return null
  } catch (error) {
    return error as Error
  }
}

function makeAndRemove(file: string): void {
  closeSync(openSync(file, 'w'))
  rmSync(file, { force: true })
}
