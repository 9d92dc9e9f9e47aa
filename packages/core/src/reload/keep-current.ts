import type { EventHub } from '../events/event-hub.ts'
import { filesOfTls } from '../tls/files-of-tls.ts'
import type { Reloader } from './reloader.ts'
import { renewWhenDue } from './renew-when-due.ts'
import { retryRefused } from './retry-refused.ts'
import { watchExpiry } from './watch-expiry.ts'
import { watchFiles } from './watch-files.ts'

/** How quickly a launch follows what changes around it, in milliseconds. */
export interface ReloadTiming {
  /** How long the certificate files must have been left alone before they are read. */
  readonly quietMs: number
  /** How often to check them where the system reports no changes. */
  readonly lookMs: number
  /** How long a ticket key is used. RFC 5077 section 5.5 and RFC 8446 section 8.1 ask for a short life; a day is usual. */
  readonly rotationMs: number
  /** How often to warn about a certificate that expires soon. */
  readonly expiryMs: number
  /** How long after a renewal that failed the next one is tried. */
  readonly renewalRetryMs: number
  /** How long after a reload that was refused it is tried again at first; each further time takes twice as long. */
  readonly retryMs: number
  /** The longest time between two of these tries. */
  readonly longestRetryMs: number
  /** How often at least the wall clock is looked at: timers stop while a machine is suspended. */
  readonly clockMs: number
}

const hourMs = 3_600_000

export const defaultTiming: ReloadTiming = {
  quietMs: 250,
  lookMs: 10_000,
  rotationMs: 24 * hourMs,
  expiryMs: 24 * hourMs,
  renewalRetryMs: hourMs,
  retryMs: 1_000,
  longestRetryMs: 300_000,
  clockMs: hourMs,
}

/**
 * Owns what a server with TLS does by itself as time goes on: it watches its files, rotates its ticket keys, renews a certificate
 * that is its own, tries again what was refused, and warns of certificates that end soon.
 */
export function keepCurrent({
  reloader,
  events,
  timing,
  onError,
}: {
  reloader: Reloader
  events: Pick<EventHub, 'on' | 'emit'>
  timing: ReloadTiming
  /** Of the rotation; a reload reports its failures itself. */
  onError: (error: unknown) => void
}): Disposable {
  if (!reloader.tls) return { [Symbol.dispose]: () => undefined }
  const isOn = (): boolean => reloader.prepared.options['tls.watch'].value
  const watch = watchFiles({
    ...timing,
    files: () => (isOn() ? filesOfTls(reloader.prepared.options) : []),
    digest: () => reloader.lastDigest,
    // An event reports its failure.
    onChange: () => void (isOn() && reloader.reload('file', 'tls').catch(() => undefined)),
  })
  const { now } = reloader.prepared
  const renewal = renewWhenDue({ reloader, events, now, timing })
  const retries = retryRefused({ reloader, events, isOn, now, timing })
  const expiry = watchExpiry({ tls: () => reloader.tls, events, now, timing })
  const unlisten = events.on('reloaded', () => watch.look())
  const rotation = setInterval(() => reloader.rotateTicketKeys().catch(onError), timing.rotationMs).unref()
  return {
    [Symbol.dispose]() {
      unlisten()
      watch.close()
      clearInterval(rotation)
      renewal[Symbol.dispose]()
      retries[Symbol.dispose]()
      expiry[Symbol.dispose]()
    },
  }
}
