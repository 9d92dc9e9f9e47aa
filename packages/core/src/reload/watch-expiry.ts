import type { EventHub } from '../events/event-hub.ts'
import { expiringCertificates } from '../tls/expiring-certificates.ts'
import type { PlannedTls } from '../tls/planned-tls.ts'
import { callAt } from './call-at.ts'

/** Warns about each certificate that expires soon: now, after each reload, and again after some time. */
export function watchExpiry({
  tls,
  events,
  now,
  timing: { expiryMs, clockMs },
}: {
  /** What is served. */
  tls: () => PlannedTls | null
  events: Pick<EventHub, 'on' | 'emit'>
  now: () => Date
  timing: { readonly expiryMs: number; readonly clockMs: number }
}): Disposable {
  let next: Disposable | undefined
  const look = (): void => {
    const at = now()
    next?.[Symbol.dispose]()
    next = callAt(new Date(at.getTime() + expiryMs), { now, longestMs: clockMs, onDue: look })
    const served = tls()
    for (const { role, ...leaf } of served ? expiringCertificates(served, at) : [])
      events.emit({ type: 'certificate:expiring', role, leaf, at })
  }
  const unlisten = events.on('reloaded', look)
  look()
  return {
    [Symbol.dispose]() {
      unlisten()
      next?.[Symbol.dispose]()
    },
  }
}
