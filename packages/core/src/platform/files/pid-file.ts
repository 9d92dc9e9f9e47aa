import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { resolve } from 'node:path'
import { whyFileFails } from '../../errors/file-error.ts'
import { LaunchError } from '../../errors/launch-error.ts'
import { codeOf } from '../../errors/thrown.ts'
import { kindOfFile } from './kind-of-file.ts'
import { type FoundPidFile, judgePidFile } from './pid-file-owner.ts'

/** The files that servers of this process hold. */
const held = new Set<string>()
/** Other launchers may take the file, or leave it, between our looking and our taking. */
const mostAttempts = 10

/**
 * Writes our process id to a file, as a lock, and keeps it open: others see by that which process is meant (`judgePidFile()`). Throws
 * `LOCKSTEP_ERR_PID_FILE` when the file belongs to a server that is alive, when it holds something else than a process id, and when it is not a
 * regular file. It never waits, and follows no link.
 */
export function writePidFile(file: string): { remove(): void } {
  const path = resolve(file)
  if (held.has(path)) {
    const reason = `is held by another server of this process, ${process.pid}`
    throw taken(file, { reason, cure: 'Stop that server first' })
  }
  const descriptor = takeFile(path)
  held.add(path)
  return {
    remove() {
      if (!held.delete(path)) return
      removeOwn(path, descriptor)
      closeSync(descriptor)
    },
  }
}

/** Returns a descriptor of the file, which has our process id in it. */
function takeFile(file: string): number {
  try {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const found = lookAt(file)
      if (found) {
        const judgement = judgePidFile(found)
        if (!judgement.isFree) throw taken(file, judgement)
        removeJudged(file, found)
      }
      const descriptor = create(file)
      if (descriptor !== null) return descriptor
    }
  } catch (error) {
    throw error instanceof LaunchError ? error : failed(file, whyFileFails(error), error)
  }
  throw taken(file, {
    reason: 'is taken by one launcher after the other',
    cure: 'Stop the other launchers first',
  })
}

/** `null` when there is none. Throws when it is not a regular file. */
function lookAt(file: string): FoundPidFile | null {
  const obstacle = (kind: string): LaunchError => failed(file, `it is ${kind}`)
  const named = lstatSync(file, { throwIfNoEntry: false })
  if (!named) return null
  const kind = kindOfFile(named)
  if (kind !== null) throw obstacle(kind)
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  let descriptor: number
  try {
    descriptor = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    // It may be another one by now.
    const found = fstatSync(descriptor)
    const kindNow = kindOfFile(found)
    if (kindNow !== null) throw obstacle(kindNow)
    const bytes = Buffer.alloc(64)
    const content = bytes.toString('latin1', 0, readSync(descriptor, bytes))
    return { content, device: found.dev, inode: found.ino, writtenMs: found.mtimeMs }
  } finally {
    closeSync(descriptor)
  }
}

/** Moves the file away first, so that what is removed is what was judged: another launcher may have put its own there meanwhile. */
function removeJudged(file: string, judged: FoundPidFile): void {
  const aside = `${file}.${process.pid}.old`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  const found = lstatSync(aside)
  if (found.ino !== judged.inode || found.dev !== judged.device) linkUnlessThere(aside, file)
  unlinkSync(aside)
}

/** `null` when another launcher was faster. */
function create(file: string): number | null {
  const draft = `${file}.${process.pid}.new`
  let descriptor = createNew(draft)
  if (descriptor === null) {
    // Left by a process that had our number, and was killed here.
    unlinkSync(draft)
    descriptor = createNew(draft)
  }
  if (descriptor === null) return null
  try {
    // It appears with its content: no other launcher sees it empty.
    if (linkUnlessThere(draft, file)) return descriptor
  } catch (error) {
    closeSync(descriptor)
    // A file system without hard links, such as vfat.
    if (noLinks.has(codeOf(error))) return createNew(file)
    throw error
  } finally {
    unlinkSync(draft)
  }
  closeSync(descriptor)
  return null
}

const noLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EISDIR'])

/** `null` when there is one, were it a link that leads nowhere. */
function createNew(file: string): number | null {
  const { O_RDWR, O_CREAT, O_EXCL } = constants
  try {
    const descriptor = openSync(file, O_RDWR | O_CREAT | O_EXCL, 0o644)
    writeSync(descriptor, `${process.pid}\n`)
    return descriptor
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null
    throw error
  }
}

function linkUnlessThere(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Another server may have taken the place of a file that was removed by hand. */
function removeOwn(file: string, descriptor: number): void {
  try {
    const [named, own] = [lstatSync(file), fstatSync(descriptor)]
    if (named.ino === own.ino && named.dev === own.dev) unlinkSync(file)
  } catch {
    // It is gone already, which is what was wanted.
  }
}

function taken(file: string, { reason, cure }: { reason: string; cure: string }): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PID_FILE',
    message: `The PID file ${file} ${reason}.`,
    hint: `${cure}, or name another file with --pid-file.`,
    source: 'pidFile',
  })
}

function failed(file: string, reason: string, cause?: unknown): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PID_FILE',
    message: `The PID file ${file} cannot be written: ${reason}.`,
    hint: 'Name a file in a folder that exists and is writable.',
    source: 'pidFile',
    ...(cause !== undefined && { cause }),
  })
}
