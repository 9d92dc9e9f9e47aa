import type { Writable } from 'node:stream'
import type { AppendTrouble } from '../files/appended-file.ts'

/** How much may wait for the reader of a stream. It is shared with what the app itself writes to it. */
const mostWaitingBytes = 1_048_576
/** What writing what still waits may take at the end. */
const closeMs = 1_000

/** Writes whole lines to a stream that its reader may have stopped to read. */
export interface BoundedStream {
  write(text: string): void
  /** How many lines were lost so far. */
  lost(): number
  /** Settles when everything is written, or after a second. */
  close(): Promise<void>
}

/**
 * Node keeps without a limit what a pipe does not take. Here, lines are lost while too much waits, and `onTrouble` says so: once when
 * it begins, and once, with their number, when the reader has gone on.
 */
export function createBoundedStream(
  stream: Writable,
  { onTrouble }: { onTrouble: (trouble: AppendTrouble) => void },
): BoundedStream {
  let lostInAll = 0
  let lostNow = 0
  const lose = (reason: string): void => {
    lostInAll += 1
    lostNow += 1
    if (lostNow > 1) return
    stream.once('drain', tellEnd)
    onTrouble({ reason })
  }
  const tellEnd = (): void => {
    const lost = lostNow
    lostNow = 0
    onTrouble({ lost })
  }
  const onWritten = (error: Error | null | undefined): void => {
    if (error) lose(error.message)
  }
  return {
    write(text) {
      if (stream.writableLength > mostWaitingBytes) lose('its reader does not read')
      else stream.write(text, onWritten)
    },
    lost: () => lostInAll,
    async close() {
      await flushStream(stream, closeMs)
      stream.off('drain', tellEnd)
    },
  }
}

/** Settles when everything that waits has been written, or failed, or after this time (`null`: however long it takes). */
export async function flushStream(stream: Writable, limitMs: number | null): Promise<void> {
  if (stream.writableLength === 0) return
  const written = Promise.withResolvers<void>()
  const timer = limitMs === null ? undefined : setTimeout(written.resolve, limitMs)
  stream.write('', () => written.resolve())
  await written.promise
  clearTimeout(timer)
}
