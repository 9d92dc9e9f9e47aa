import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file so that a reader finds the old text or the new text, never half of one, and so that it has its mode
 * from its first byte on, even when a file with another mode exists.
 */
export function writeAtomically(file: string, text: string, { mode }: { mode: number }): void {
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    writeFileSync(temporary, text, { mode, flag: 'wx' })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
