import type { AppSignals } from '../app/app-signals.ts'
import { stoppedInBoot } from '../app/load-app.ts'
import type { RunningServer, WorkerOutputListener } from '../backends/server-backend.ts'
import { singleBackend } from '../backends/single/single-backend.ts'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { reportUncaught } from '../errors/report-uncaught.ts'
import { notifyService, type ServiceNotifier } from '../events/notify-service.ts'
import { launchFacts } from '../hooks/launch-facts.ts'
import { noticeSlowBoot } from '../log/notice-slow-boot.ts'
import { errorInUsersWords } from '../options/sources/in-users-words.ts'
import { AsyncDisposableStack, DisposableStack } from '../platform/system/disposable-stack.ts'
import type { ReloadTiming } from '../reload/keep-current.ts'
import { verifyAddresses } from '../reload/verify-reload.ts'
import {
  probeThreadFor,
  type RunningProbeThread,
  startProbeThread,
} from '../verify/probes/start-probe-thread.ts'
import type { Verification } from '../verify/verification.ts'
import { verify } from '../verify/verify.ts'
import { listenersOfThisProcess, verifyTree } from '../verify/verify-tree.ts'
import { watchTree } from '../verify/watch-tree.ts'
import { type BegunLaunch, beginLaunch } from './begin-launch.ts'
import { cleanUp, cleanUpAtExit } from './clean-up.ts'
import { handOver } from './hand-over.ts'
import type { LaunchEventListener, LaunchHandle } from './launch-handle.ts'
import type { PreparedLaunch } from './prepare-launch.ts'
import { takeSurroundings } from './take-surroundings.ts'
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
  const { events, log, lifecycle, plan } = launch
  const changes = new AsyncDisposableStack()
  let server: RunningServer | undefined
  let handle: LaunchHandle | undefined
  try {
    const surroundings = changes.use(new DisposableStack())
    changes.use(followExit(launch, surroundings))
    await takeSurroundings(launch, { changes: surroundings, control, handle: () => handle })
    const notifier = followForService(launch, () => server)
    changes.defer(() => notifier.close())
    using early = startsProbesEarly(launch) ? startProbeThread() : null
    const before = hasHooks(launch) && launch.appSignals ? await listenersOfThisProcess() : []
    server = await startServer(launch, { changes, onWorkerOutput })
    const verification = await verifyServer(launch, { server, before, early })
    if (plan.verify)
      changes.use(watchTree(server, { plan, before, log, ownsProcess: appSignals !== undefined }))
    handle = handOver(launch, { server, verification, changes, timing })
    events.emit({ type: 'ready', urls: handle.urls })
    return handle
  } catch (error) {
    lifecycle.take('broke')
    await cleanUp(changes, log)
    const failure = errorInUsersWords(asLaunchError(error), prepared.words)
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
    readyWorkers: () =>
      lifecycle.state === 'ready' || lifecycle.state === 'reloading'
        ? (server()
            ?.workers()
            .filter((worker) => worker.state === 'ready').length ?? null)
        : null,
    log,
  })
}

/** Calls the hook `beforeStart` and then the backend. From here on `changes` ends the server. */
async function startServer(
  { prepared, plan, choice: { backend, reason }, signal, appSignals, events, log, hooks }: BegunLaunch,
  {
    changes,
    onWorkerOutput,
  }: { changes: AsyncDisposableStack; onWorkerOutput: WorkerOutputListener | undefined },
): Promise<RunningServer> {
  events.emit({ type: 'starting', backend: backend.name, reason })
  await hooks.beforeStart(launchFacts(plan, backend.name), signal)
  using _notice = noticeSlowBoot(plan, log)
  const server = await backend.start(plan, {
    app: prepared.options.app.value,
    log,
    signal,
    emit: events.emit,
    ownsProcess: appSignals !== undefined,
    ...(onWorkerOutput && { onWorkerOutput: contained(onWorkerOutput) }),
    verify: (addresses, tls) => verifyAddresses(addresses, { ...plan, tls }),
  })
  // Of a server that has ended by itself, a part may be left.
  changes.defer(() => server.stop({ urgency: 'kill' }))
  events.emit({ type: 'listening', addresses: [...server.addresses, ...(server.redirects ?? [])] })
  return server
}

/** While the app is loaded, where it is known by then that this process serves. Not as root if it leaves that for another user. */
function startsProbesEarly({ plan, choice: { backend } }: BegunLaunch): boolean {
  return plan.verify && plan.tls !== null && plan.runAs === null && backend === singleBackend
}

function hasHooks({ prepared, plan }: BegunLaunch): boolean {
  return plan.verify && Object.keys(prepared.hooks).length > 0
}

/** Connects to the server as a client would. `null` when `verify` is off. Rejects when the launch is given up meanwhile. */
async function verifyServer(
  { plan, signal, events, appSignals }: BegunLaunch,
  {
    server,
    before,
    early,
  }: { server: RunningServer; before: readonly string[]; early: RunningProbeThread | null },
): Promise<Verification | null> {
  const verifyAll = async (): Promise<Verification> => {
    using own = early ? null : probeThreadFor(server, plan)
    const verification = await verify(server, plan, { thread: early ?? own })
    await verifyTree(server, { plan, before, ownsProcess: appSignals !== undefined })
    return verification
  }
  const verification = await unlessItEnds(server, plan.verify ? verifyAll() : null)
  if (signal.aborted) throw stoppedInBoot()
  if (verification) events.emit({ type: 'verified', verification })
  return verification
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
