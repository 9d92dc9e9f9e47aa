import { writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { messageOf } from '../errors/thrown.ts'

/** How many lines may wait for a disk that is slow or full. What comes on top is lost. */
const mostWaiting = 100_000
/**
 * Between two writes, so that lines which come fast are written together: a write occupies a thread of the pool, and by itself costs as
 * much as half a request.
 */
const gatherMs = 10
/** What writing what still waits may take at the end. */
const closeMs = 1_000

/** A file to which lines are appended, in their order. */
export interface AppendedFile {
  write(line: string): void
  /** Settles when all is written, or after a second. */
  close(): Promise<void>
}

/** What happened to lines: they are lost from now on, or are written again after so many were lost. */
export type AppendTrouble = { readonly reason: string } | { readonly lost: number }

/**
 * Opens it with the first line. When the disk is full, or the file can't be opened, lines are lost, and each further one is an attempt: as
 * soon as there is room again they are written again. A stream would stay broken after its first error.
 */
export function openAppendedFile(
  path: string,
  { onTrouble }: { onTrouble: (trouble: AppendTrouble) => void },
): AppendedFile {
  let waiting: string[] = []
  let file: FileHandle | undefined
  let lost = 0
  /** The last line was written in part, since the disk was full in its middle. */
  let isTorn = false
  let writing: Promise<void> | undefined
  let isClosing = false
  let endPause: (() => void) | undefined

  const lose = (lines: number, reason: string): void => {
    if (lost === 0) onTrouble({ reason })
    lost += lines
  }
  /** What still waits when the process ends of a sudden. */
  const writeAtExit = (): void => {
    if (!file || waiting.length === 0) return
    try {
      writeSync(file.fd, textOf(waiting))
    } catch {
      // Nobody is left to be told.
    }
  }
  const append = async (bytes: Buffer): Promise<void> => {
    if (!file) {
      file = await open(path, 'a')
      process.once('exit', writeAtExit)
    }
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, done)
      done += bytesWritten
      isTorn = bytes[done - 1] !== newline
    }
  }
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, gatherMs)
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting
      waiting = []
      try {
        await append(Buffer.from(`${isTorn ? '\n' : ''}${textOf(lines)}`))
        if (lost > 0) onTrouble({ lost })
        lost = 0
      } catch (error) {
        lose(lines.length, messageOf(error))
      }
      if (!isClosing) await pause()
    }
    writing = undefined
  }
  return {
    write(line) {
      if (waiting.length >= mostWaiting) return lose(1, `more than ${mostWaiting} lines wait for the disk`)
      waiting.push(line)
      writing ??= writeAll()
    },
    async close() {
      isClosing = true
      endPause?.()
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, closeMs)
      await Promise.race([writing, late.promise])
      clearTimeout(timer)
      process.off('exit', writeAtExit)
      await file?.close()
    },
  }
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}

const newline = '\n'.charCodeAt(0)
