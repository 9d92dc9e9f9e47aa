import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes a file so that a reader sees the old text or the new text, and never a part. The file has its mode from the first byte, even if a file
 * with another mode exists.
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
