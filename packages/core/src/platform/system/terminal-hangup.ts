import { closeSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'

/**
 * Distinguishes the two meanings of SIGHUP: a user asks for a reload, or the terminal on which this process was started has
 * gone. When a terminal hangs up, the system takes it from every process of its session before it sends the signal, and
 * /dev/tty can't be opened any more (credentials(7), tty_ioctl(4)). To be called at the start of the process. Under `nohup`, and
 * as a service, no standard stream is a terminal, so none can go. On Windows the signal always means that the console closes
 * (Node's manual, "Signal events").
 */
export function watchTerminal(): { hasGone(): boolean } {
  if (process.platform === 'win32') return { hasGone: () => true }
  const startedOnTerminal = [0, 1, 2].some((stream) => isatty(stream)) && hasTerminal()
  return { hasGone: () => startedOnTerminal && !hasTerminal() }
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
