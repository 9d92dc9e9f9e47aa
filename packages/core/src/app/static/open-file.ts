import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { codeOf } from '../../errors/thrown.ts'
import type { Place } from './choose-file.ts'

export interface OpenFile {
  readonly handle: FileHandle
  readonly stats: Stats
}

/**
 * Opens the file that was checked. `changed`: something else has its name by now. `denied`: this user may not read it. Throws what else fails,
 * such as too many open files.
 */
export async function openFile({ realPath, stats }: Place): Promise<OpenFile | 'changed' | 'denied'> {
  // Windows has neither flag. A pipe that took the name would keep the open waiting for a writer.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  let handle: FileHandle | null = null
  try {
    handle = await open(realPath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const own = await handle.stat()
    if (own.isFile() && isSame(own, stats)) return { handle, stats: own }
    await handle.close()
    return 'changed'
  } catch (error) {
    await handle?.close()
    const code = codeOf(error)
    if (code === 'EACCES' || code === 'EPERM') return 'denied'
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO'].includes(code)) return 'changed'
    throw error
  }
}

/** The number of the device is left out on Windows: a path and a descriptor are read by different calls there. */
function isSame(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && (process.platform === 'win32' || one.dev === other.dev)
}

/**
 * The bytes of a file from `start`, in bytes: `length` of them and never more. Throws when the file ends before, so that the connection is
 * broken off: the client would take the next answer for the rest.
 */
export async function* readExactly(
  handle: FileHandle,
  { start, length, name }: { start: number; length: number; name: string },
): AsyncGenerator<Uint8Array> {
  for (let read = 0; read < length; ) {
    const size = Math.min(length - read, 65_536)
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, start + read)
    if (bytesRead === 0)
      throw new Error(
        `${name} became shorter while it was sent: ${length - read} bytes of the answer are missing.`,
      )
    read += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
