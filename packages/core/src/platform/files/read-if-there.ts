import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'

// For entries of /proc: each may vanish or be forbidden during a search, and is then skipped.

export function entriesIfThere(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

export function linkIfThere(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

export function textIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The lines from the first on, up to one that is not wanted. A table of the kernel may be long, and is made only as far as it is read. */
export function linesWhile(path: string, isWanted: (line: string) => boolean): string[] {
  let fd: number | undefined
  try {
    fd = openSync(path, 'r')
    const buffer = Buffer.alloc(16_384)
    let text = ''
    for (;;) {
      const size = readSync(fd, buffer, 0, buffer.length, null)
      text += buffer.toString('latin1', 0, size)
      const lines = text.split('\n')
      const end = lines.findIndex((line, at) => at < lines.length - 1 && !isWanted(line))
      if (end >= 0) return lines.slice(0, end)
      if (size === 0) return lines.filter(Boolean)
    }
  } catch {
    return []
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
