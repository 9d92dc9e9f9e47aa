import type { EventHub } from '../events/event-hub.ts'
import { callAt } from './call-at.ts'
import type { Reloader } from './reloader.ts'

/**
 * Tries a reload that was refused again, at longer and longer intervals, and when the passing of time alone cures the fault. Files are
 * watched, but a renewal can be refused for reasons that don't change them: the clock, the mode of a folder, a command that prints the passphrase.
 */
export function retryRefused({
  reloader,
  events,
  isOn,
  now,
  timing: { retryMs, longestRetryMs, clockMs },
}: {
  reloader: Pick<Reloader, 'refusal' | 'retry'>
  events: Pick<EventHub, 'on'>
  isOn: () => boolean
  now: () => Date
  timing: { readonly retryMs: number; readonly longestRetryMs: number; readonly clockMs: number }
}): Disposable {
  let next: Disposable | undefined
  let waitMs = retryMs
  let closed = false
  const wait = (): void => {
    next?.[Symbol.dispose]()
    const { refusal } = reloader
    if (closed || refusal === null) return
    const at = now().getTime()
    const until = refusal.until?.getTime() ?? Number.POSITIVE_INFINITY
    const due = new Date(until > at ? Math.min(until, at + waitMs) : at + waitMs)
    next = callAt(due, { now, longestMs: clockMs, onDue: () => void retry() })
  }
  const retry = async (): Promise<void> => {
    waitMs = Math.min(waitMs * 2, longestRetryMs)
    if (isOn()) await reloader.retry()
    wait()
  }
  const unlisten = [
    events.on('reload:failed', ({ cause }) => {
      if (cause !== 'retry') waitMs = retryMs
      wait()
    }),
    events.on('reloaded', () => {
      waitMs = retryMs
      wait()
    }),
  ]
  return {
    [Symbol.dispose]() {
      closed = true
      for (const stop of unlisten) stop()
      next?.[Symbol.dispose]()
    },
  }
}
