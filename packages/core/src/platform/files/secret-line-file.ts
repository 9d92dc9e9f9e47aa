import { closeSync, fchmodSync, fstatSync, openSync, writeSync } from 'node:fs'
import { messageOf } from '../../errors/thrown.ts'
import type { AppendTrouble } from './appended-file.ts'
import { appendFlags, obstacleOfKind } from './open-log.ts'

/** Appends lines to a file that only its owner may read. */
export interface SecretLineFile {
  write(line: Uint8Array): void
  /** Opens the file under the same path again. Throws when that fails; lines then go on to the file that is open. */
  reopen(): void
  close(): void
}

/**
 * Opens it, with mode 0600 whatever it had before (Windows has no modes). Written at once and not by a stream: several processes
 * append to it, and a reader must find a line before what it decrypts has been sent. Throws when it is not a regular file: the
 * process would wait for the reader of a FIFO.
 */
export function openSecretLineFile(
  file: string,
  { onTrouble }: { onTrouble: (trouble: AppendTrouble) => void },
): SecretLineFile {
  let descriptor: number | null = openPrivate(file)
  let lost = 0
  return {
    write(line) {
      if (descriptor === null) return
      try {
        writeSync(descriptor, line)
        if (lost > 0) onTrouble({ lost })
        lost = 0
      } catch (error) {
        // The disk is full: the connection goes on.
        if (lost === 0) onTrouble({ reason: messageOf(error) })
        lost += 1
      }
    },
    reopen() {
      if (descriptor === null) return
      const next = openPrivate(file)
      closeSync(descriptor)
      descriptor = next
    },
    close() {
      if (descriptor !== null) closeSync(descriptor)
      descriptor = null
    },
  }
}

function openPrivate(file: string): number {
  const descriptor = openSync(file, appendFlags(file), 0o600)
  try {
    const obstacle = obstacleOfKind(fstatSync(descriptor), { onlyRegular: true })
    if (obstacle !== null) throw new Error(obstacle)
    fchmodSync(descriptor, 0o600)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}
