import type { Logger } from '../log/logger.ts'
import type { ServiceVariables } from '../options/sources/environment/service-variables.ts'
import { openServiceManagerLine } from '../platform/system/service-manager.ts'
import type { ReloadResult } from '../reload/reload-result.ts'
import type { EventHub } from './event-hub.ts'
import type { LaunchEvent } from './launch-event.ts'

/** Notifies a service manager about a launch as long as it runs. */
export interface ServiceNotifier {
  /** No more signs of life; what is on its way is sent, within a second. */
  close(): Promise<void>
}

/**
 * Follows the events of a launch by sd_notify(3), where NOTIFY_SOCKET asks for it, and shows signs of life where WATCHDOG_USEC asks
 * for them: at half of that time, as sd_watchdog_enabled(3) recommends, and only while the server is healthy.
 */
export function notifyService({
  service: { notifySocket, watchdogMs },
  events,
  readyWorkers,
  log,
}: {
  service: Pick<ServiceVariables, 'notifySocket' | 'watchdogMs'>
  events: Pick<EventHub, 'onAny'>
  /** How many workers serve; `null` before the server is ready and once it stops. */
  readyWorkers: () => number | null
  log: Logger
}): ServiceNotifier {
  if (notifySocket === null) return { close: async () => undefined }
  const line = openServiceManagerLine({ notifySocket, log })
  let noneServed = false
  const unlisten = events.onAny((event) => {
    const ready = readyWorkers()
    const assignments = notificationOf(event, { nowUs: monotonicUs(), ready, noneServed })
    noneServed = ready === 0
    if (assignments.length > 0) line.send(assignments)
  })
  const pulse =
    watchdogMs === null
      ? undefined
      : setInterval(() => {
          // What waits already is as good a sign, and a manager that does not read must not fill our memory.
          if ((readyWorkers() ?? 0) > 0 && line.waiting === 0) line.send(['WATCHDOG=1'])
        }, watchdogMs / 2).unref()
  return {
    close() {
      clearInterval(pulse)
      unlisten()
      return line.sent()
    },
  }
}

/** What an event means to a service manager: assignments of sd_notify(3), none for most. */
export function notificationOf(
  event: LaunchEvent,
  {
    nowUs,
    ready,
    noneServed,
  }: {
    nowUs: bigint
    /** How many workers serve; `null` before the server is ready and once it stops. */
    ready: number | null
    /** No worker served at the event before. */
    noneServed: boolean
  },
): readonly string[] {
  const serving = ready === 0 ? 'No worker serves' : 'Serving'
  switch (event.type) {
    case 'listening':
      return ['STATUS=Bound; verifying what is served.']
    case 'ready':
      return ['READY=1', `STATUS=Serving ${event.urls.join(' ')}`.trimEnd()]
    // Type=notify-reload needs the time, by which it distinguishes this reload from an earlier one.
    case 'reloading':
      return ['RELOADING=1', `MONOTONIC_USEC=${nowUs}`, 'STATUS=Reloading.']
    case 'reloaded':
      return ['READY=1', `STATUS=${serving}; reloaded${outcomeOf(event.result)}.`]
    case 'reload:failed':
      return [
        'READY=1',
        `STATUS=${serving}${ready === 0 ? '' : ' as before'}; the reload failed: ${oneLine(event.error.message)}`,
      ]
    case 'worker:exited':
      if (ready === null || (event.expected && ready > 0)) return []
      return [
        `STATUS=${serving}; worker ${event.worker} ${event.expected ? 'ended' : 'died'} and is replaced.`,
      ]
    case 'worker:ready':
      return noneServed ? [`STATUS=Serving again; worker ${event.worker} is ready.`] : []
    case 'stopping':
      return ['STOPPING=1', 'STATUS=Stopping: requests in flight may end.']
    default:
      return []
  }
}

function outcomeOf({ changed, replaced, appKept }: ReloadResult): string {
  if (appKept) return `${changed ? '' : ', nothing has changed'}, and the app is as it was`
  return changed ? '' : `, ${replaced > 0 ? 'every worker was replaced' : 'nothing has changed'}`
}

/** CLOCK_MONOTONIC, which Node's clock is on Linux. */
function monotonicUs(): bigint {
  return process.hrtime.bigint() / 1_000n
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
