import { readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { LaunchError } from '../errors/launch-error.ts'
import { codeOf, messageOf } from '../errors/thrown.ts'

/** Writes our process id to a file, as a lock: one that names a live process is not ours to take. */
export function writePidFile(file: string): { remove(): void } {
  try {
    writeNew(file)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw failed(file, error)
    const owner = Number.parseInt(readFileSync(file, 'utf8'), 10)
    if (owner !== process.pid && isAlive(owner)) {
      throw new LaunchError({
        code: 'ERR_PID_FILE',
        message: `The PID file ${file} names process ${owner}, which is alive.`,
        hint: 'Stop that process first, or name another file with --pid-file.',
      })
    }
    unlinkSync(file)
    try {
      writeNew(file)
    } catch (again) {
      throw failed(file, again)
    }
  }
  return { remove: () => removeOwn(file) }
}

function writeNew(file: string): void {
  writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o644 })
}

/** Somebody else may have taken the place of a file that was removed by hand. */
function removeOwn(file: string): void {
  try {
    if (Number.parseInt(readFileSync(file, 'utf8'), 10) === process.pid) unlinkSync(file)
  } catch {
    // It is gone already, which is what was wanted.
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function failed(file: string, cause: unknown): LaunchError {
  return new LaunchError({
    code: 'ERR_PID_FILE',
    message: `The PID file ${file} can not be written: ${messageOf(cause)}.`,
    hint: 'Name a file in a folder that exists and is writable.',
    cause,
  })
}
