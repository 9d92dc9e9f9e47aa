import { type AppendTrouble, openAppendedFile } from './appended-file.ts'

/** Appends finished lines to a file or to standard output. */
export interface LineWriter {
  write(line: string): void
  /** Settles when all is written, or after a second. */
  close(): Promise<void>
}

/** `-` is standard output. The lines end in the same way on every platform: whoever reads a log is often another machine. */
export function createLineWriter(
  file: string,
  { onTrouble }: { onTrouble: (trouble: AppendTrouble) => void },
): LineWriter {
  if (file !== '-') return openAppendedFile(file, { onTrouble })
  return {
    write: (line) => void process.stdout.write(`${line}\n`),
    close: async () => undefined,
  }
}
