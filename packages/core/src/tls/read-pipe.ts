import { readFileSync, statSync } from 'node:fs'

/** What was read from each pipe, by its identity: it can be read once only. */
const read = new Map<string, Buffer>()

/**
 * Reads a file. What comes from a pipe, such as `<(decrypt key)` of a shell, is kept: a reload asks for it again, and the pipe has
 * nothing more to give.
 */
export function readFileOrPipe(path: string): Buffer {
  const state = statSync(path)
  if (!state.isFIFO() && !state.isSocket()) return readFileSync(path)
  const identity = `${path} ${state.dev} ${state.ino}`
  const bytes = read.get(identity) ?? readFileSync(path)
  if (bytes.length > 0) read.set(identity, bytes)
  return bytes
}

/** Whether a path leads to a pipe, of which a change can't be seen. */
export function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO()
  } catch {
    return false // It is not there, which is said where it is read.
  }
}
