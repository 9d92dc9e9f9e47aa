import type { RunningServer } from '../backends/server-backend.ts'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { LaunchError } from '../errors/launch-error.ts'
import { errorInUsersWords } from '../options/sources/in-users-words.ts'
import type { AsyncDisposableStack } from '../platform/system/disposable-stack.ts'
import { defaultTiming, keepCurrent, type ReloadTiming } from '../reload/keep-current.ts'
import { createReloader, type Reloader } from '../reload/reloader.ts'
import type { Verification } from '../verify/verification.ts'
import type { BegunLaunch } from './begin-launch.ts'
import { cleanUp } from './clean-up.ts'
import { createHandle } from './create-handle.ts'
import { createLastTurn, type LastTurn } from './last-turn.ts'
import type { LaunchHandle } from './launch-handle.ts'
import { type Stopping, stopByUrgency } from './stop-by-urgency.ts'

/** Hands a verified server over to its host: reloads and stops are possible, and `changes` is undone when the server has ended. */
export function handOver(
  launch: BegunLaunch,
  {
    server,
    verification,
    changes,
    timing,
  }: {
    server: RunningServer
    verification: Verification | null
    changes: AsyncDisposableStack
    timing: Partial<ReloadTiming>
  },
): LaunchHandle {
  const { prepared, plan, appSignals, events, log, lifecycle } = launch
  lifecycle.take('started')
  const reloader = createReloader({ prepared, plan, server, log, lifecycle, emit: events.emit })
  const current = changes.use(keepServerCurrent(launch, { reloader, timing }))
  server.announced?.()
  const lastTurn = createLastTurn({ appSignals, plan, log })
  const stopped = followEnd(launch, { server, lastTurn, changes })
  const stopping = createStopping(launch, { server, lastTurn, stopped, current })
  return createHandle(launch, { server, verification, reloader, stopping, stopped })
}

function keepServerCurrent(
  { events, log }: BegunLaunch,
  { reloader, timing }: { reloader: Reloader; timing: Partial<ReloadTiming> },
): Disposable {
  return keepCurrent({
    reloader,
    events,
    timing: { ...defaultTiming, ...timing },
    onError: (error) => log.error('the ticket keys could not be rotated', { reason: String(error) }),
  })
}

/** Resolves when the server has ended and everything is undone, with why it has ended: `null` after a stop that was asked for. */
async function followEnd(
  { events, log, lifecycle, prepared }: BegunLaunch,
  { server, lastTurn, changes }: { server: RunningServer; lastTurn: LastTurn; changes: AsyncDisposableStack },
): Promise<{ readonly error: Error | null }> {
  const error = await server.stopped.then(
    (end) =>
      end.error instanceof LaunchError ? errorInUsersWords(end.error, prepared.words) : (end.error ?? null),
    (reason: unknown) => errorInUsersWords(asLaunchError(reason), prepared.words),
  )
  await lastTurn.take()
  lifecycle.take(error ? 'broke' : 'ended')
  await cleanUp(changes, log)
  events.emit({ type: 'stopped', error })
  return { error }
}

function createStopping(
  { events, lifecycle, hooks }: BegunLaunch,
  {
    server,
    lastTurn,
    stopped,
    current,
  }: { server: RunningServer; lastTurn: LastTurn; stopped: Promise<unknown>; current: Disposable },
): Stopping {
  return stopByUrgency({
    stopServer(options) {
      lastTurn.follow(options)
      return server.stop(options)
    },
    lifecycle,
    stopped,
    beforeStop: (urgency) => hooks.beforeStop?.(urgency) ?? null,
    onStop(urgency) {
      current[Symbol.dispose]()
      // Before a hook that may take long, so that load balancers notice first.
      server.announceStop?.()
      events.emit({ type: 'stopping', urgency })
    },
  })
}
