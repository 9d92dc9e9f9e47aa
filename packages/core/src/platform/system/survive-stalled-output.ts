import { accessSync, constants, readlinkSync } from 'node:fs'
import { streamHandle } from '../node/internals/stream-handle.ts'

let isWanted = false

/**
 * Keeps the event loop turning when a terminal takes no more (Ctrl-S, a hung SSH session). Node waits in each write to a terminal; then no
 * signal would be heard, and no request answered. For a process that belongs to the launcher.
 *
 * On another system than Linux nothing changes.
 */
export function surviveStalledOutput(): void {
  isWanted = true
  unblockOutput()
}

/**
 * To be called after a process was started that shares our output: before it becomes another program, libuv makes its standard
 * streams blocking again (`uv__process_child_init()`), and ours are the same ones.
 */
export function unblockOutput(): void {
  if (!isWanted || process.platform !== 'linux') return
  unblock(process.stdout, 1)
  unblock(process.stderr, 2)
}

function unblock(stream: NodeJS.WriteStream, descriptor: number): void {
  if (!stream.isTTY || isOwnDescription(descriptor)) streamHandle(stream)?.setBlocking?.(false)
}

/** libuv opens the terminal again for itself where it may, so that no other program on it sees the change. Else, it is left as it is. */
function isOwnDescription(descriptor: number): boolean {
  try {
    accessSync(readlinkSync(`/proc/self/fd/${descriptor}`), constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}
