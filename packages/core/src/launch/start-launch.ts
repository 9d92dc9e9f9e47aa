import type { AppSignals } from '../app/app-signals.ts'
import { stoppedInBoot } from '../app/load-app.ts'
import type { RunningServer, WorkerOutputListener } from '../backends/server-backend.ts'
import { offerControl } from '../control/offer-control.ts'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { reportUncaught } from '../errors/report-uncaught.ts'
import { messageOf } from '../errors/thrown.ts'
import { createEventHub } from '../events/event-hub.ts'
import { iterateEvents } from '../events/iterate-events.ts'
import { logEvent } from '../events/log-events.ts'
import { notifyService } from '../events/notify-service.ts'
import { launchFacts } from '../hooks/launch-facts.ts'
import { runHooks } from '../hooks/run-hooks.ts'
import { createLifecycle } from '../lifecycle/lifecycle.ts'
import { holdLogFile } from '../log/hold-log-file.ts'
import { createLogger } from '../log/logger.ts'
import { reopenLogs, writtenLogs } from '../log/reopen-logs.ts'
import { writePidFile } from '../platform/files/pid-file.ts'
import { applyProcessSettings } from '../platform/process/process-settings.ts'
import { consumeVariables } from '../platform/system/consume-variables.ts'
import { managerVariableNames, socketVariableNames } from '../platform/system/service-variable-names.ts'
import { defaultTiming, keepCurrent, type ReloadTiming } from '../reload/keep-current.ts'
import { createReloader } from '../reload/reloader.ts'
import { verifyAddresses } from '../reload/verify-reload.ts'
import { addressUrl } from '../verify/address-url.ts'
import { verify } from '../verify/verify.ts'
import { createLastTurn } from './last-turn.ts'
import type { LaunchEventListener, LaunchHandle } from './launch-handle.ts'
import { launchStatus } from './launch-status.ts'
import { mainAddress } from './main-address.ts'
import type { PreparedLaunch } from './prepare-launch.ts'
import { stopByUrgency } from './stop-by-urgency.ts'
import { superviseWorkers } from './supervise.ts'
import { createUndoList } from './undo-list.ts'
import { unlessItEnds } from './unless-it-ends.ts'

export interface StartOptions {
  readonly onEvent?: LaunchEventListener
  readonly onWorkerOutput?: WorkerOutputListener
  readonly signal?: AbortSignal
  readonly timing?: Partial<ReloadTiming>
  /** Whether the verbs can reach it when the option `control` says nothing. */
  readonly control?: boolean
  /** Set when this process belongs to the launcher, as under the command line. */
  readonly appSignals?: AppSignals
}

/** Starts what was prepared without faults. */
export async function startLaunch(
  prepared: PreparedLaunch,
  {
    onEvent,
    onWorkerOutput,
    signal = new AbortController().signal,
    timing = {},
    control = false,
    appSignals,
  }: StartOptions = {},
): Promise<LaunchHandle> {
  const { plan, choice, options, warnings, hooks: given } = prepared
  if (!plan || !choice) throw new TypeError('a launch that has faults cannot be started')
  const { backend, reason } = choice
  // A launch that was given up already must call nothing of the host's.
  if (signal.aborted) throw stoppedInBoot()
  const startedAt = new Date()
  const events = createEventHub()
  const log = createLogger(plan.log, {
    name: plan.name,
    process: backend.name === 'cluster' ? 'primary' : backend.name,
  })
  const undo = createUndoList({
    onError: (error) => log.error('a part of the launch could not be undone', { reason: messageOf(error) }),
  })
  events.onAny((event) => logEvent(event, log))
  if (onEvent) events.onAny(onEvent)
  const hooks = runHooks(given, { timeouts: plan.timeouts, log })
  events.onAny(hooks.onEvent)
  for (const warning of warnings) log.warn(warning)

  const lifecycle = createLifecycle()
  let server: RunningServer | undefined
  let handle: LaunchHandle | undefined
  let sockets: Disposable | null = null
  try {
    const settings = applyProcessSettings(plan)
    undo.add(() => settings[Symbol.dispose]())
    if (prepared.service.isSet) {
      // Not put back after a stop: the sockets are closed by then.
      sockets = consumeVariables(socketVariableNames)
      const manager = consumeVariables(managerVariableNames)
      undo.add(() => manager[Symbol.dispose]())
    }
    if (plan.pidFile !== null) {
      const pidFile = writePidFile(plan.pidFile)
      undo.add(() => pidFile.remove())
    }
    const logFile = holdLogFile(plan.accessLog?.file ?? null)
    undo.add(() => logFile[Symbol.dispose]())
    const wanted = plan.control ?? (control ? 'if-possible' : false)
    const controlServer = await offerControl(() => handle, { wanted, runAs: plan.runAs, log })
    undo.add(() => controlServer.close())
    const notifier = notifyService({
      service: prepared.service,
      events,
      isHealthy: () =>
        (lifecycle.state === 'ready' || lifecycle.state === 'reloading') &&
        (server?.workers().some((worker) => worker.state === 'ready') ?? false),
      log,
    })
    undo.add(() => notifier.close())
    events.emit({ type: 'starting', backend: backend.name, reason })
    await hooks.beforeStart(launchFacts(plan, backend.name), signal)
    server = await backend.start(plan, {
      app: options.app.value,
      log,
      signal,
      emit: events.emit,
      ownsProcess: appSignals !== undefined,
      ...(onWorkerOutput && { onWorkerOutput: contained(onWorkerOutput) }),
      verify: (addresses, tls) => verifyAddresses(addresses, { ...plan, tls }),
    })
    events.emit({ type: 'listening', addresses: [...server.addresses, ...(server.redirects ?? [])] })
    const verification = await unlessItEnds(server, plan.verify ? verify(server, plan) : null)
    if (signal.aborted) throw stoppedInBoot()
    if (verification) events.emit({ type: 'verified', verification })
    lifecycle.take('started')
    const running = server
    const urls = running.addresses.flatMap((address) => addressUrl(address, plan) ?? [])
    const reloader = createReloader({
      prepared,
      plan,
      server,
      log,
      lifecycle,
      emit: events.emit,
    })
    const current = keepCurrent({
      reloader,
      events,
      timing: { ...defaultTiming, ...timing },
      onError: (error) => log.error('the ticket keys could not be rotated', { reason: String(error) }),
    })

    undo.add(() => current[Symbol.dispose]())

    // The app may end the process, in its last turn or at any time, and then no turn of the event loop is left for what follows it.
    const onExit = (): void => {
      undo.runAtExit()
      if (appSignals?.isEnding) events.emit({ type: 'stopped', error: null })
    }
    if (appSignals) process.once('exit', onExit)
    const lastTurn = createLastTurn({ appSignals, plan, log })
    const stopped = endOf(running).then(async (error) => {
      await lastTurn.take()
      process.off('exit', onExit)
      lifecycle.take(error ? 'broke' : 'ended')
      await undo.run()
      events.emit({ type: 'stopped', error })
      return { error }
    })
    const stopping = stopByUrgency({
      stopServer(options) {
        lastTurn.follow(options)
        return running.stop(options)
      },
      lifecycle,
      stopped,
      beforeStop: (urgency) => hooks.beforeStop?.({ force: urgency !== 'graceful' }) ?? null,
      onStop(urgency) {
        current[Symbol.dispose]()
        // Before a hook that may take long, so that load balancers notice first.
        running.announceStop?.()
        events.emit({ type: 'stopping', urgency })
      },
    })
    const supervision = superviseWorkers({ server, backend: backend.name, lifecycle })
    handle = {
      ...mainAddress(running.addresses, urls),
      urls,
      addresses: running.addresses,
      redirects: running.redirects ?? [],
      get verification() {
        return reloader.verification ?? verification
      },
      get workers() {
        return running.workers()
      },
      status: () =>
        launchStatus({
          plan,
          server: running,
          lifecycle,
          reloader,
          now: prepared.now,
          backend: backend.name,
          reason,
          urls,
          startedAt,
        }),
      reopenLogs: () => reopenLogs({ plan, server: running, log, events }),
      async reload({ cause = 'api', scope = 'all' } = {}) {
        const result = await reloader.reload(cause, scope)
        // As in Apache and Gunicorn. New workers open them by themselves, but not every backend has those. A failure is in the log.
        if (scope === 'all' && writtenLogs(plan).length > 0)
          await reopenLogs({ plan, server: running, log, events }).catch(() => undefined)
        return result
      },
      ...supervision,
      stop: ({ force = false } = {}) => (force ? stopping.force() : stopping.stop()),
      escalateStop: stopping.escalate,
      stopped,
      on: events.on,
      once: events.once,
      events: () => iterateEvents(events),
      [Symbol.asyncDispose]: stopping.stop,
    }
    running.announced?.()
    events.emit({ type: 'ready', urls })
    return handle
  } catch (error) {
    lifecycle.take('broke')
    const failed = server
    if (failed) undo.add(() => failed.stop({ urgency: 'kill' }))
    await undo.run()
    sockets?.[Symbol.dispose]()
    const failure = asLaunchError(error)
    events.emit({ type: 'failed', error: failure })
    throw failure
  }
}

/** Why it has ended; `null` after a stop that was asked for. */
async function endOf(server: RunningServer): Promise<Error | null> {
  try {
    return (await server.stopped).error ?? null
  } catch (error) {
    return asLaunchError(error)
  }
}

/** What a listener of the host throws is an uncaught exception of the host, and not of the stream that calls it. */
function contained<Event>(listener: (event: Event) => void): (event: Event) => void {
  return (event) => {
    try {
      listener(event)
    } catch (error) {
      reportUncaught(error)
    }
  }
}
