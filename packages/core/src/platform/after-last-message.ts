import type { ChildProcess } from 'node:child_process'

/** How long the channel of an ended process may stay open, should somebody else hold its other end. */
const channelMarginMs = 1_000

/** A process's exit may be told before the last message that it sent: why it failed. */
export function afterLastMessage(child: ChildProcess, callback: () => void): void {
  if (!child.connected) {
    callback()
    return
  }
  const timer = setTimeout(callback, channelMarginMs)
  child.once('disconnect', () => {
    clearTimeout(timer)
    callback()
  })
}
