import type { AppSignals } from '../app/app-signals.ts'
import type { RunningServer, WorkerOutputListener } from '../backends/server-backend.ts'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { notifyService, type ServiceNotifier } from '../events/notify-service.ts'
import { AsyncDisposableStack, DisposableStack } from '../platform/system/disposable-stack.ts'
import type { ReloadTiming } from '../reload/keep-current.ts'
import { type BegunLaunch, beginLaunch } from './begin-launch.ts'
import { cleanUp, cleanUpAtExit } from './clean-up.ts'
import { handOver } from './hand-over.ts'
import type { LaunchEventListener, LaunchHandle } from './launch-handle.ts'
import type { PreparedLaunch } from './prepare-launch.ts'
import { startServer, verifyServer } from './start-server.ts'
import { takeSurroundings } from './take-surroundings.ts'

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

/** Starts what was prepared without faults. Whatever it changes is undone in one way, by a failure and by the end of the server. */
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
  const launch = beginLaunch(prepared, { signal, appSignals, onEvent })
  const { events, log, lifecycle } = launch
  const changes = new AsyncDisposableStack()
  let server: RunningServer | undefined
  let handle: LaunchHandle | undefined
  try {
    const surroundings = changes.use(new DisposableStack())
    changes.use(followExit(launch, surroundings))
    await takeSurroundings(launch, { changes: surroundings, control, handle: () => handle })
    const notifier = followForService(launch, () => server)
    changes.defer(() => notifier.close())
    server = await startServer(launch, { changes, onWorkerOutput })
    const verification = await verifyServer(launch, server)
    handle = handOver(launch, { server, verification, changes, timing })
    events.emit({ type: 'ready', urls: handle.urls })
    return handle
  } catch (error) {
    lifecycle.take('broke')
    await cleanUp(changes, log)
    const failure = asLaunchError(error)
    events.emit({ type: 'failed', error: failure })
    throw failure
  }
}

/** An app that shares the launcher's process may end it at any time, and then no turn of the event loop is left for what follows. */
function followExit({ appSignals, events, log }: BegunLaunch, surroundings: DisposableStack): Disposable {
  const onExit = (): void => {
    cleanUpAtExit(surroundings, log)
    if (appSignals?.isEnding) events.emit({ type: 'stopped', error: null })
  }
  if (appSignals) process.once('exit', onExit)
  return { [Symbol.dispose]: () => void process.off('exit', onExit) }
}

function followForService(
  { prepared: { service }, events, log, lifecycle }: BegunLaunch,
  server: () => RunningServer | undefined,
): ServiceNotifier {
  return notifyService({
    service,
    events,
    isHealthy: () =>
      (lifecycle.state === 'ready' || lifecycle.state === 'reloading') &&
      (server()
        ?.workers()
        .some((worker) => worker.state === 'ready') ??
        false),
    log,
  })
}
