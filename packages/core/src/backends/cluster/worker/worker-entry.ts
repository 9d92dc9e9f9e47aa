import { showArguments } from '../../../app/app-arguments.ts'
import { offerMessages } from '../../../app/app-messages.ts'
import { keepAppSignals, listenToSignal, type StopSignal } from '../../../app/app-signals.ts'
import { crashOf } from '../../../app/crash.ts'
import { endApp } from '../../../app/end-app.ts'
import { addressesToBe, planOfApp, portsSetByUser } from '../../../app/listen/address-of-app.ts'
import { createProbeOpener } from '../../../app/listen/create-probe-opener.ts'
import { openPrivately } from '../../../app/listen/open-privately.ts'
import { loadApp, untilSaidReady } from '../../../app/load-app.ts'
import { asLaunchError } from '../../../errors/as-launch-error.ts'
import type { LaunchError } from '../../../errors/launch-error.ts'
import { reportUncaught } from '../../../errors/report-uncaught.ts'
import { type SerialisedFault, serialiseFaults } from '../../../errors/serialise-error.ts'
import { messageOf } from '../../../errors/thrown.ts'
import { logSignals } from '../../../lifecycle/signal-intent.ts'
import { createLogger, type Logger } from '../../../log/logger.ts'
import { killTree } from '../../../platform/process/kill-tree.ts'
import { nameOwnProgram } from '../../../platform/process/node-program.ts'
import { surviveClosedOutput } from '../../../platform/system/survive-closed-output.ts'
import { surviveStalledOutput } from '../../../platform/system/survive-stalled-output.ts'
import { type AppServer, createAppServer } from '../../../serve/app-server.ts'
import { limitReports } from '../../../serve/tls/refusal-reports.ts'
import type { RefusedClient } from '../../../serve/tls/refused-clients.ts'
import { leaveRoot } from '../../leave-root.ts'
import type { WorkerAppPorts } from '../balance/worker-app-ports.ts'
import { WorkerListeners } from '../balance/worker-listeners.ts'
import type { Sibling } from '../siblings/sibling.ts'
import type { SiblingListener } from '../siblings/sibling-listener.ts'
import type { SiblingRouter } from '../siblings/sibling-router.ts'
import { boundFaults } from '../wire/bound-faults.ts'
import { beatIntervalMs, type ToWorker, type WithSocket } from '../wire/messages.ts'
import { enterSurroundings } from '../wire/worker-surroundings.ts'
import { openPrimaryLine } from './primary-line.ts'
import { sampleMemory } from './sample-memory.ts'
import { startGuard } from './start-guard.ts'
import { WorkerTls } from './worker-tls.ts'

/** What runs in a worker of `cluster`: it serves the connections that the primary hands over, until it is asked to drain. */
let server: AppServer | undefined
let log: Logger | undefined
let isStopAnnounced = false
let hasFailed = false
let router: SiblingRouter | null = null
let siblings: readonly Sibling[] = []
let siblingListener: SiblingListener | undefined
let guardFailure: string | null = null

const primary = openPrimaryLine({
  onMessage: receive,
  onListen: (handle, message, number) => void listeners.listen(number, message, handle),
  onAppPort: (handle, message) => appPorts?.receive(message, handle),
  onConnection(socket, { redirection }) {
    if (redirection) server?.redirect(socket, redirection)
    else server?.accept(socket)
  },
  // Without a primary nothing supervises, so nothing serves, and what the app has started does not go on either. The guard covers the
  // case that the event loop is blocked.
  onClose() {
    siblingListener?.abandon()
    void killTree(process.pid)
  },
})
const { tell } = primary
const workerTls = new WorkerTls(tell)
const listeners = new WorkerListeners(tell)
let appPorts: WorkerAppPorts | undefined
const guarded = startGuard((error) => {
  guardFailure = messageOf(error)
  warnOfGuard()
})
nameOwnProgram()
surviveClosedOutput()
surviveStalledOutput()

const appSignals = keepAppSignals()
const appMessages = offerMessages({ parent: 'launcher' })
let shutdownMessage: string | null = null

process.on('uncaughtExceptionMonitor', (error) => {
  const isCaught =
    process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()
  if (isCaught) return
  fail(crashOf(error))
  primary.flush()
})

// What reaches every process of a terminal or a group is for the primary alone to decide. SIGTERM to this process asks it to leave.
const forThePrimary =
  process.platform === 'win32'
    ? (['SIGINT', 'SIGHUP', 'SIGBREAK'] as const)
    : (['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGTTIN', 'SIGTTOU'] as const)
for (const signal of forThePrimary) listenToSignal(signal, () => undefined)
listenToSignal('SIGTERM', () => tell({ type: 'leaving', by: 'signal' }))
// It reaches this process alone, or also the primary, which then asks for the same.
if (process.platform !== 'win32')
  for (const signal of logSignals) process.on(signal, () => void reopenOnSignal())

function receive(message: Exclude<ToWorker, WithSocket>): void {
  switch (message.type) {
    case 'start':
      void start(message)
      return
    case 'opened':
      server?.opened(message.addresses)
      return
    case 'unlisten':
    case 'leave':
    case 'unlisten-all':
    case 'watch-accepts':
    case 'forget-accepts':
    case 'which-accepted':
      listeners.receive(message)
      return
    case 'app-port-refused':
      appPorts?.refused(message)
      return
    case 'siblings':
      siblings = message.siblings
      router?.set(siblings)
      tell({ type: 'siblings-known', request: message.request })
      return
    case 'prepare-tls':
    case 'commit-tls':
      workerTls.receive(message)
      return
    case 'reopen-logs':
      void reopenLogs().then((faults) => tell({ type: 'logs-reopened', request: message.request, faults }))
      return
    case 'announce-stop':
      isStopAnnounced = true
      server?.announceStop()
      return
    case 'drain':
      void drain(message)
      return
    case 'hurry':
      server?.cut()
      return
  }
}

/** Before the server is there, nothing is open: the first line opens it. */
async function reopenLogs(): Promise<readonly SerialisedFault[]> {
  try {
    await server?.reopenLogs()
    return []
  } catch (error) {
    return boundFaults(serialiseFaults(asLaunchError(error)))
  }
}

async function reopenOnSignal(): Promise<void> {
  for (const { message, hint } of await reopenLogs()) log?.error(`${message} ${hint}`)
}

async function start({
  plan,
  worker,
  surroundings,
  maxRequests,
  seat,
  addresses,
}: Extract<ToWorker, { type: 'start' }>): Promise<void> {
  setInterval(beat, beatIntervalMs(plan.timeouts.hangMs)).unref()
  if (plan.name !== null) process.title = `${plan.name}: worker ${worker}`
  try {
    if (plan.shutdownWithMessage) shutdownMessage = 'shutdown'
    await enterSurroundings(surroundings, guarded)
    leaveRoot(plan)
    // Only a worker with siblings needs a client of HTTP.
    const toSiblings = seat && (await import('../siblings/sibling-router.ts'))
    const fromSiblings = seat && (await import('../siblings/sibling-listener.ts'))
    if (plan.appPorts.length > 0) {
      const { WorkerAppPorts } = await import('../balance/worker-app-ports.ts')
      appPorts = new WorkerAppPorts(tell)
    }
    showArguments(plan.app, plan.args ?? [])
    const app = await loadApp(plan.app, {
      bootMs: plan.timeouts.bootMs,
      elapsedMs: performance.now(),
      worker,
      saidReady: plan.waitReady ? appMessages.saidReady : null,
      isShared: false,
      ports: plan.appPorts,
      servedPorts: portsSetByUser(plan),
      boundPorts: addresses?.flatMap((address) => (address.kind === 'tcp' ? address.port : [])) ?? [],
      openAppPort: plan.isRehearsal ? openPrivately : (...asked) => appPorts?.open(...asked) ?? false,
      openProbe: createProbeOpener({
        isHeld: (port) =>
          plan.isRehearsal === true ||
          (addresses?.some((address) => address.kind === 'tcp' && address.port === port) ?? false),
        hasSiblings: plan.workers > 1,
      }),
      letIdle,
    })
    const planned = planOfApp(plan, app)
    log = createLogger(plan.log, { name: plan.name, process: `worker ${worker}` })
    router = seat && toSiblings && new toSiblings.SiblingRouter({ plan, seat, log })
    server = createAppServer({
      plan: planned,
      app,
      worker,
      log,
      router,
      onClientRefused: limitReports<RefusedClient>((refusal) => tell({ type: 'client-refused', ...refusal })),
      onAnswered: countUpTo(maxRequests, () => tell({ type: 'requests-served' })),
    })
    let hasListenerFailed = false
    const listenerFailed = (error: LaunchError): void => {
      if (!hasListenerFailed) tell({ type: 'listener-failed', faults: boundFaults(serialiseFaults(error)) })
      hasListenerFailed = true
    }
    app.server?.onListenerFailed((error, { isStart }) => {
      listenerFailed(crashOf(error))
      if (isStart) primary.flush(() => reportUncaught(error))
    })
    app.listening?.onRefused((error) => {
      listenerFailed(error)
      // Many apps end at the error that their server gets then.
      primary.flush()
    })
    if (seat) siblingListener = await fromSiblings?.listenForSiblings({ seat, server, log })
    router?.set(siblings)
    workerTls.serve(server)
    listeners.serve(server, log)
    warnOfGuard()
    if (isStopAnnounced) server.announceStop()
    const { captured = null } = app.server ?? {}
    for (const one of [captured, app.listening]) one?.onAppCloses(() => tell({ type: 'leaving', by: 'app' }))
    if (addresses) server.opened(addresses)
    else if (captured && plan.waitReady) server.opened(addressesToBe(planned))
    // Programs say it in the listener of `listening`.
    if (captured && plan.waitReady)
      await untilSaidReady(plan.app, { saidReady: appMessages.saidReady, bootMs: plan.timeouts.bootMs })
    // The folder may be removed as soon as the worker is ready, and the thread starts in that folder.
    await guarded
    tell({ type: 'ready', app: app.kind, listen: app.asked ?? null })
  } catch (error) {
    fail(asLaunchError(error))
    primary.flush(() => process.exit(1))
  }
}

/** The line to the primary alone would keep a program alive that has nothing left to do. */
function letIdle(): Disposable {
  primary.unref()
  process.channel?.unref()
  return {
    [Symbol.dispose]() {
      primary.ref()
      process.channel?.ref()
    },
  }
}

function fail(error: LaunchError): void {
  if (hasFailed) return
  hasFailed = true
  tell({ type: 'failed', faults: boundFaults(serialiseFaults(error)) })
}

function warnOfGuard(): void {
  if (guardFailure === null) return
  log?.warn('the guard thread has failed: this worker serves on without it', { reason: guardFailure })
}

function beat(): void {
  tell({
    type: 'beat',
    memory: sampleMemory(),
    served: server?.counts() ?? {
      connections: 0,
      requests: 0,
      lostLines: 0,
      refusedClients: 0,
      refusedConnections: 0,
    },
  })
}

function countUpTo(limit: number | null, onReached: () => void): () => void {
  let count = 0
  return () => {
    count += 1
    if (count === limit) onReached()
  }
}

async function drain({ deadlineMs, signal }: { deadlineMs: number; signal: StopSignal }): Promise<void> {
  const started = performance.now()
  router?.drain()
  await listeners.close()
  await server?.drain({ deadlineMs })
  siblingListener?.close()
  // Nothing of ours keeps the event loop alive any more: an app that has nothing left to do ends the process by that.
  primary.unref()
  process.channel?.unref()
  const leftMs = deadlineMs - (performance.now() - started)
  if (log) await endApp(appSignals, { message: shutdownMessage, signal, leftMs, log })
  await appPorts?.close(deadlineMs - (performance.now() - started))
  process.exit(0)
}
