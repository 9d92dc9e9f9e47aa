import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

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
