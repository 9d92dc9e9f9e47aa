import { readlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type AppendTrouble, openAppendedFile } from '../files/appended-file.ts'
import { createBoundedStream } from './bounded-stream.ts'

/** Appends finished lines to a file or to standard output. */
export interface LineWriter {
  write(line: string): void
  /** How many lines were lost so far. */
  lost(): number
  /** Opens the file under the same path again. Rejects when that fails; lines then go on to the file that is open. */
  reopen(): Promise<void>
  /** Settles when all is written, or after a second. */
  close(): Promise<void>
}

/** `-` is standard output. The lines end in the same way on every platform: a log is often read on another machine. */
export function createLineWriter(
  file: string,
  { onTrouble }: { onTrouble: (trouble: AppendTrouble) => void },
): LineWriter {
  const stream = standardStream(file)
  if (stream === null) return openAppendedFile(file, { onTrouble })
  const output = createBoundedStream(process[stream], { onTrouble })
  return {
    write: (line) => output.write(`${line}\n`),
    lost: output.lost,
    // It has no path.
    reopen: async () => undefined,
    close: output.close,
  }
}

const standardStreams: Readonly<Record<string, 'stdout' | 'stderr'>> = {
  '-': 'stdout',
  '/dev/stdout': 'stdout',
  '/dev/fd/1': 'stdout',
  '/proc/self/fd/1': 'stdout',
  '/dev/stderr': 'stderr',
  '/dev/fd/2': 'stderr',
  '/proc/self/fd/2': 'stderr',
}

/** More links than a system follows. */
const mostLinks = 40

/**
 * The standard stream that a path means, also by a link, as images of containers have for their logs. To open such a path would
 * need a permission that a served user lacks, and fails for a socket, as a service manager passes one.
 */
export function standardStream(file: string): 'stdout' | 'stderr' | null {
  let path = file
  for (let links = 0; links < mostLinks; links += 1) {
    const stream = standardStreams[path]
    if (stream) return stream
    try {
      path = resolve(dirname(path), readlinkSync(path))
    } catch {
      return null // Not a link.
    }
  }
  return null
}
