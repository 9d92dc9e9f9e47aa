import { fstatSync, writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { codeOf } from '../../errors/thrown.ts'
import { beforeExit } from '../process/before-exit.ts'
import { within } from '../system/within.ts'
import { appendFlags, explainOpenError, obstacleOfKind } from './open-log.ts'

/** How much may wait for a disk that is slow or full, or for the reader of a FIFO. What comes on top is lost. */
const mostWaiting = { lines: 100_000, characters: 16_777_216 }
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
  /** How many lines were lost so far. */
  lost(): number
  /**
   * Opens what is under the path now, and closes what was open: after a rename, lines go to a new file. Rejects when that fails;
   * lines then go on to the file that is open.
   */
  reopen(): Promise<void>
  /** Settles when all is written, or after a second. */
  close(): Promise<void>
}

/** What happened to lines: they are lost from now on, or are written again after this many were lost. */
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
  let characters = 0
  /** What a FIFO did not take: the rest of lines that were written in part. */
  let rest: Buffer | undefined
  let file: OpenedLog | undefined
  let lostNow = 0
  let lostInAll = 0
  /** The last line was written in part, since the disk was full in its middle. */
  let isTorn = false
  let reopening: PromiseWithResolvers<void> | undefined
  let working: Promise<void> | undefined
  let isClosing = false
  let endPause: (() => void) | undefined

  const lose = (lines: number, reason: string): void => {
    if (lines === 0) return
    if (lostNow === 0) onTrouble({ reason })
    lostNow += lines
    lostInAll += lines
  }
  const take = (): string[] => {
    const lines = waiting
    waiting = []
    characters = 0
    return lines
  }
  /** Writes the pending lines when the process exits suddenly. It does not wait for a reader. */
  const exit = beforeExit(() => {
    if (file && (rest || waiting.length > 0))
      writeSync(file.handle.fd, Buffer.concat([rest ?? Buffer.of(), Buffer.from(textOf(waiting))]))
  })
  /** Writes to the end, or until a FIFO is full: then the rest is kept. */
  const append = async (bytes: Buffer): Promise<void> => {
    file ??= await openLog(path)
    exit.watch()
    for (let done = 0; done < bytes.length; ) {
      try {
        const length = file.isFifo ? pieceLength(bytes, done) : bytes.length - done
        done += (await file.handle.write(bytes, done, length)).bytesWritten
        isTorn = bytes[done - 1] !== newline
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN') throw error
        rest = bytes.subarray(done)
        return
      }
    }
  }
  const writeWaiting = async (): Promise<void> => {
    const kept = rest
    rest = undefined
    const lines = kept ? [] : take()
    try {
      await append(kept ?? Buffer.from(`${isTorn ? '\n' : ''}${textOf(lines)}`))
      if (rest || lostNow === 0) return
      const lost = lostNow
      lostNow = 0
      onTrouble({ lost })
    } catch (error) {
      lose(lines.length, explainOpenError(error))
      // The reader of a FIFO has gone: the next line looks for another one.
      if (codeOf(error) === 'EPIPE') await closeFile()
    }
  }
  const closeFile = async (): Promise<void> => {
    const old = file
    file = undefined
    await old?.handle.close()
  }
  const openAgain = async (asked: PromiseWithResolvers<void>): Promise<void> => {
    try {
      const next = await openLog(path)
      await closeFile()
      file = next
      isTorn = false
      exit.watch()
      asked.resolve()
    } catch (error) {
      asked.reject(error)
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
  const work = async (): Promise<void> => {
    while (reopening || rest || waiting.length > 0) {
      const asked = reopening
      reopening = undefined
      if (asked) await openAgain(asked)
      else {
        await writeWaiting()
        if (!isClosing || rest) await pause()
      }
    }
    working = undefined
  }
  return {
    write(line) {
      if (waiting.length >= mostWaiting.lines || characters > mostWaiting.characters)
        return lose(1, `more than ${waiting.length} lines wait to be written`)
      waiting.push(line)
      characters += line.length
      working ??= work()
    },
    lost: () => lostInAll,
    reopen() {
      if (isClosing) return Promise.resolve()
      reopening ??= Promise.withResolvers()
      const { promise } = reopening
      endPause?.()
      working ??= work()
      return promise
    },
    async close() {
      isClosing = true
      endPause?.()
      await within(Promise.resolve(working), closeMs)
      exit.forget()
      rest = undefined
      lose(take().length, 'it took too long to write them')
      await closeFile()
    },
  }
}

interface OpenedLog {
  readonly handle: FileHandle
  readonly isFifo: boolean
}

async function openLog(path: string): Promise<OpenedLog> {
  const handle = await open(path, appendFlags(path))
  const found = fstatSync(handle.fd)
  const obstacle = obstacleOfKind(found, { onlyRegular: false })
  if (obstacle === null) return { handle, isFifo: found.isFIFO() }
  await handle.close()
  throw new Error(obstacle)
}

/** PIPE_BUF of Linux. A longer piece could get lines of another worker in its middle (pipe(7)). */
const atomicBytes = 4_096

/** Whole lines, as many as a FIFO takes in one piece. */
function pieceLength(bytes: Buffer, from: number): number {
  if (bytes.length - from <= atomicBytes) return bytes.length - from
  const end = bytes.lastIndexOf(newline, from + atomicBytes - 1)
  return end >= from ? end - from + 1 : atomicBytes
}

function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

const newline = '\n'.charCodeAt(0)
