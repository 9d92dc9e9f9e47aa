import type { EventHub } from '../events/event-hub.ts'
import { filesOfTls } from './files-of-tls.ts'
import type { Reloader } from './reloader.ts'
import { watchFiles } from './watch-files.ts'

/** How quickly a launch follows what changes around it, in milliseconds. */
export interface ReloadTiming {
  /** How long the certificate files must have been left alone before they are read. */
  readonly quietMs: number
  /** How often they are looked at where the system tells nothing. */
  readonly lookMs: number
  /** How long a ticket key is used, and how often a certificate of our own is looked at. RFC 5077 section 5.5 and RFC 8446 section 8.1 ask for a short life; a day is usual. */
  readonly rotationMs: number
}

export const defaultTiming: ReloadTiming = { quietMs: 250, lookMs: 10_000, rotationMs: 24 * 3_600_000 }

/**
 * Owns what makes a server with TLS reload by itself: the watch on its files, the renewal
 * of a certificate of our own, and the rotation of its ticket keys.
 */
export function keepCurrent({
  reloader,
  events,
  timing,
  onError,
}: {
  reloader: Reloader
  events: Pick<EventHub, 'on'>
  timing: ReloadTiming
  /** Of the rotation; a reload tells of its failures by itself. */
  onError: (error: unknown) => void
}): Disposable {
  if (!reloader.tls) return { [Symbol.dispose]: () => undefined }
  const isOn = (): boolean => reloader.prepared.options['tls.watch'].value
  const watch = watchFiles({
    ...timing,
    files: () => (isOn() ? filesOfTls(reloader.prepared.options) : []),
    digest: reloader.prepared.digest,
    // Its failure is told by an event.
    onChange: () => void (isOn() && reloader.reload('file').catch(() => undefined)),
  })
  const unlisten = events.on('reloaded', () => watch.look())
  const daily = async (): Promise<void> => {
    // A certificate that the launcher makes is made anew when it is due, and else is what it was.
    if (reloader.prepared.options['tls.selfSigned'].value)
      await reloader.reload('renewal').catch(() => undefined)
    await reloader.rotateTicketKeys()
  }
  const rotation = setInterval(() => daily().catch(onError), timing.rotationMs).unref()
  return {
    [Symbol.dispose]() {
      unlisten()
      watch.close()
      clearInterval(rotation)
    },
  }
}
