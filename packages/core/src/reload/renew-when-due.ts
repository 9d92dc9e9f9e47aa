import type { EventHub } from '../events/event-hub.ts'
import { callAt } from './call-at.ts'
import type { Reloader } from './reloader.ts'

/** Reloads when the source of the certificate has a new one, as the local CA has; retries after a failure. */
export function renewWhenDue({
  reloader,
  events,
  now,
  timing: { renewalRetryMs, clockMs },
}: {
  reloader: Pick<Reloader, 'prepared' | 'reload'>
  events: Pick<EventHub, 'on'>
  now: () => Date
  timing: { readonly renewalRetryMs: number; readonly clockMs: number }
}): Disposable {
  let next: Disposable | undefined
  let closed = false
  const wait = ({ leastMs = 0 }: { leastMs?: number } = {}): void => {
    next?.[Symbol.dispose]()
    const { renewAt } = reloader.prepared
    if (closed || renewAt === null) return
    const due = new Date(Math.max(renewAt.getTime(), now().getTime() + leastMs))
    next = callAt(due, { now, longestMs: clockMs, onDue: () => void renew() })
  }
  const renew = async (): Promise<void> => {
    // An event reports its failure.
    await reloader.reload('renewal', 'tls').catch(() => undefined)
    wait({ leastMs: renewalRetryMs })
  }
  const unlisten = events.on('reloaded', () => wait())
  wait()
  return {
    [Symbol.dispose]() {
      closed = true
      unlisten()
      next?.[Symbol.dispose]()
    },
  }
}
