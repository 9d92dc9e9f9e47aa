import { once } from 'node:events'
import { loadWinston } from './load-winston.ts'

/** Appends finished lines to a file or to standard output. */
export interface LineWriter {
  write(line: string): void
  /** Settles when all is written, or after a second: winston's `finish` does not come in every case. */
  close(): Promise<void>
}

/** The same on every platform: whoever reads a log is often another machine. */
const eol = '\n'

export function createLineWriter(file: string): LineWriter {
  const winston = loadWinston()
  const logger = winston.createLogger({
    format: winston.format.printf(({ message }) => String(message)),
    transports: [
      file === '-'
        ? new winston.transports.Console({ eol })
        : new winston.transports.File({ filename: file, options: { flags: 'a' }, eol }),
    ],
  })
  return {
    write: (line) => void logger.info(line),
    close: async () => {
      const finished = once(logger, 'finish', { signal: AbortSignal.timeout(1_000) }).catch(() => undefined)
      logger.end()
      await finished
    },
  }
}
