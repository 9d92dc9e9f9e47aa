import type { RunningServer } from '../backends/server-backend.ts'
import { iterateEvents } from '../events/iterate-events.ts'
import { reopenLogs, writtenLogs } from '../log/reopen-logs.ts'
import type { BoundAddress } from '../platform/net/address/bound-address.ts'
import { formatBindAddress } from '../platform/net/address/format-bind-address.ts'
import type { Reloader } from '../reload/reloader.ts'
import { addressUrl } from '../verify/address-url.ts'
import type { Verification } from '../verify/verification.ts'
import type { BegunLaunch } from './begin-launch.ts'
import type { LaunchHandle } from './launch-handle.ts'
import { launchStatus } from './launch-status.ts'
import type { Stopping } from './stop-by-urgency.ts'
import { superviseWorkers } from './supervise.ts'

/** What a host holds of a server that runs. */
export function createHandle(
  launch: BegunLaunch,
  {
    server,
    verification,
    reloader,
    stopping,
    stopped,
  }: {
    server: RunningServer
    /** Of the start. */
    verification: Verification | null
    reloader: Reloader
    stopping: Stopping
    stopped: LaunchHandle['stopped']
  },
): LaunchHandle {
  const { plan, log, events } = launch
  const urls = server.addresses.flatMap((address) => addressUrl(address, plan) ?? [])
  return {
    ...mainAddress(server.addresses, urls),
    urls,
    addresses: server.addresses,
    redirects: server.redirects ?? [],
    get verification() {
      return reloader.verification ?? verification
    },
    get workers() {
      return server.workers()
    },
    status: () => statusOf(launch, { server, reloader, urls }),
    reopenLogs: () => reopenLogs({ plan, server, log, events }),
    async reload({ cause = 'api', scope = 'all' } = {}) {
      const result = await reloader.reload(cause, scope)
      // As in Apache and Gunicorn. New workers open them by themselves, but not every backend has those. A failure is in the log.
      if (scope === 'all' && writtenLogs(plan).length > 0)
        await reopenLogs({ plan, server, log, events }).catch(() => undefined)
      return result
    },
    ...superviseWorkers({
      server,
      backend: launch.choice.backend.name,
      lifecycle: launch.lifecycle,
      words: launch.prepared.words,
    }),
    stop: stopping.stop,
    escalateStop: stopping.escalate,
    stopped,
    on: events.on,
    once: events.once,
    events: () => iterateEvents(events),
    [Symbol.asyncDispose]: () => stopping.stop(),
  }
}

function statusOf(
  { prepared: { now }, plan, choice: { backend, reason }, lifecycle, startedAt, appSignals }: BegunLaunch,
  parts: { server: RunningServer; reloader: Reloader; urls: readonly string[] },
): ReturnType<typeof launchStatus> {
  return launchStatus({
    ...parts,
    plan,
    lifecycle,
    now,
    backend: backend.name,
    reason,
    ownsProcess: appSignals !== undefined,
    startedAt,
  })
}

/** The first of several addresses. Most servers have one. */
function mainAddress(
  addresses: readonly BoundAddress[],
  urls: readonly string[],
): Pick<LaunchHandle, 'url' | 'port'> {
  const [first] = addresses
  const tcp = addresses.find((address) => address.kind === 'tcp')
  return { url: urls[0] ?? (first ? formatBindAddress(first) : ''), port: tcp?.port ?? null }
}
