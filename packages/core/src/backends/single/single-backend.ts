import { showArguments } from '../../app/app-arguments.ts'
import { planOfApp, portsSetByUser } from '../../app/listen/address-of-app.ts'
import { createProbeOpener } from '../../app/listen/create-probe-opener.ts'
import { openPrivately } from '../../app/listen/open-privately.ts'
import { loadApp, stoppedInBoot, untilSaidReady } from '../../app/load-app.ts'
import type { ServedApp } from '../../app/served-app.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { honoured, launcherSupport, serveSupport } from '../../plan/option-support.ts'
import { handOverFiles } from '../../platform/files/handed-over/hand-over-files.ts'
import type { MadeFiles } from '../../platform/files/handed-over/made-files.ts'
import { closeListeners } from '../../platform/net/listener.ts'
import { util } from '../../platform/node/node-util.ts'
import { type AppServer, createAppServer } from '../../serve/app-server.ts'
import { limitReports } from '../../serve/tls/refusal-reports.ts'
import type { RefusedClient } from '../../serve/tls/refused-clients.ts'
import { ownAccountSupport } from '../account-support.ts'
import { listenSupport } from '../address-support.ts'
import { inProcessServer, inProcessSupport } from '../in-process-server.ts'
import { leaveRoot } from '../leave-root.ts'
import type { BackendHost, RunningServer, TotalBackend } from '../server-backend.ts'
import { type BoundPlan, bindPlan } from './bind-plan.ts'
import { ConnectionGate } from './connection-gate.ts'
import { deniedToUser } from './denied-to-user.ts'
import { offerAppMessages } from './offer-app-messages.ts'
import { type CrashWatch, watchForCrash } from './watch-for-crash.ts'

/** One process, the app in it: what Uvicorn is to Python. */
export const singleBackend: TotalBackend = {
  name: 'single',
  support: {
    ...launcherSupport,
    ...serveSupport,
    ...listenSupport,
    ...inProcessSupport,
    ...ownAccountSupport,
    app: honoured('loaded into this process'),
    args: honoured('process.argv of this process'),
    'static.directory': honoured('served by this process'),
    'static.single': honoured('served by this process'),
    import: honoured('loaded into this process before the app'),
    interface: honoured('decides how the app is called'),
    appPorts: honoured('the app may bind these ports itself'),
    waitReady: honoured("process.send('ready') of the app"),
    shutdownWithMessage: honoured("the message 'shutdown' after the drain"),
    'timeouts.boot': honoured('loading the app is abandoned, if the event loop is not blocked'),
  },
  async start(plan, host): Promise<RunningServer> {
    const startedAt = new Date()
    // The arguments of a host stay its own, unless it has set some for the app.
    const args = plan.args ?? (host.ownsProcess ? [] : null)
    const shown = args && showArguments(plan.app, args)
    // In a process of a host, an exception may be the host's own.
    const crashWatch = host.ownsProcess ? watchForCrash() : null
    const messages = offerAppMessages(plan, host)
    const parts = await start(plan, {
      host: { ...host, saidReady: plan.waitReady ? (messages?.saidReady ?? null) : null },
      crashWatch,
    }).catch((error: unknown) => {
      shown?.[Symbol.dispose]()
      crashWatch?.[Symbol.dispose]()
      messages?.[Symbol.dispose]()
      throw error
    })
    return inProcessServer({
      ...parts,
      host,
      startedAt,
      ...(crashWatch && { crashed: crashWatch.crashed }),
      onAnnounced() {
        crashWatch?.[Symbol.dispose]()
        parts.made?.keep()
      },
      onStopped({ isDraining }) {
        void parts.made?.remove()
        crashWatch?.[Symbol.dispose]()
        shown?.[Symbol.dispose]()
        if (host.ownsProcess) return
        // The launcher can't let the app finish in a process that keeps running, but it notifies the app.
        if (plan.shutdownWithMessage && isDraining) process.emit('message', 'shutdown', undefined)
        messages?.[Symbol.dispose]()
      },
    })
  },
}

/** When the app crashes meanwhile, it rejects, and what is bound by then is closed. */
async function start(
  plan: LaunchPlan,
  { host, crashWatch }: { host: StartHost; crashWatch: CrashWatch | null },
): Promise<StartedParts> {
  const starting = plan.runAs ? startAsAnother(plan, host) : startAsSelf(plan, host)
  if (!crashWatch) return starting
  const crashed = crashWatch.crashed.then((error) => Promise.reject(error))
  try {
    return await Promise.race([starting, crashed])
  } catch (error) {
    starting
      .then(({ listeners, redirects }) => closeListeners([...listeners, ...redirects]))
      .catch(() => undefined)
    throw error
  }
}

interface LoadedParts {
  readonly app: ServedApp
  readonly server: AppServer
  /** With the address of an app that listens by itself. */
  readonly plan: LaunchPlan
}

type StartedParts = BoundPlan & LoadedParts & { readonly made?: MadeFiles }

interface StartHost extends BackendHost {
  /** `null`: the app is ready when it is loaded. */
  readonly saidReady: Promise<void> | null
}

/** Loads the app first, so that a port is open only when it is served. */
async function startAsSelf(plan: LaunchPlan, host: StartHost): Promise<StartedParts> {
  const loaded = await load(plan, host)
  const bound = await bindLoaded(loaded, host)
  await open(loaded, { bound, host })
  return { ...loaded, ...bound }
}

function bindLoaded({ plan, server }: LoadedParts, { log }: StartHost): Promise<BoundPlan> {
  const gate = new ConnectionGate()
  gate.open()
  return bindPlan(plan, { gate, server: () => server, log })
}

/** Says to the app where it is served. One that listens by itself may say that it is ready only then. */
async function open(
  { app, server, plan }: LoadedParts,
  { bound, host }: { bound: BoundPlan; host: StartHost },
): Promise<void> {
  server.opened(bound.listeners.map(({ address }) => address))
  if (!app.server?.captured || host.saidReady === null) return
  try {
    await untilSaidReady(plan.app, { ...host, saidReady: host.saidReady, bootMs: plan.timeouts.bootMs })
  } catch (error) {
    closeListeners([...bound.listeners, ...bound.redirects])
    throw error
  }
}

/** Binds first, as root: the app must be loaded as the other user. Who connects meanwhile waits. */
async function startAsAnother(plan: LaunchPlan, host: StartHost): Promise<StartedParts> {
  const gate = new ConnectionGate()
  let loaded: LoadedParts | undefined
  let made: MadeFiles | undefined
  let bound = await bindPlan(plan, {
    gate,
    log: host.log,
    server() {
      if (!loaded) throw new TypeError('the gate opens when there is a server')
      return loaded.server
    },
  })
  try {
    made = await handOverFiles(plan)
    leaveRoot(plan)
    loaded = await load(plan, host, bound)
    if (!util.isDeepStrictEqual(loaded.plan.addresses, plan.addresses)) {
      // The app listens elsewhere, and the user has not said where. The other user may bind most ports.
      closeListeners([...bound.listeners, ...bound.redirects])
      bound = await bindLoaded(loaded, host).catch((error: unknown) => {
        throw deniedToUser(error, plan)
      })
    }
    gate.open()
    await open(loaded, { bound, host })
  } catch (error) {
    gate.close()
    closeListeners([...bound.listeners, ...bound.redirects])
    await made?.remove()
    throw error
  }
  return { ...loaded, ...bound, made }
}

async function load(
  asked: LaunchPlan,
  host: StartHost,
  bound: BoundPlan | null = null,
): Promise<LoadedParts> {
  const app = await loadApp(asked.app, {
    inMemory: host.app,
    bootMs: asked.timeouts.bootMs,
    signal: host.signal,
    saidReady: host.saidReady,
    isShared: !host.ownsProcess,
    ports: asked.appPorts,
    servedPorts: portsSetByUser(asked),
    boundPorts: [...(bound?.listeners ?? []), ...(bound?.redirects ?? [])].flatMap(({ address }) =>
      address.kind === 'tcp' ? address.port : [],
    ),
    openAppPort: asked.isRehearsal ? openPrivately : null,
    openProbe: asked.isRehearsal ? createProbeOpener({ isHeld: () => true, hasSiblings: false }) : null,
    // Nothing of the launcher in this process keeps its event loop alive while an app is loaded.
    letIdle: () => ({ [Symbol.dispose]: () => undefined }),
  })
  const plan = planOfApp(asked, app)
  const server = createAppServer({
    plan,
    app,
    log: host.log,
    worker: null,
    onClientRefused: limitReports<RefusedClient>((refusal) =>
      host.emit({ type: 'client:refused', worker: 1, pid: process.pid, ...refusal }),
    ),
  })
  if (host.signal.aborted) throw stoppedInBoot()
  return { app, server, plan }
}
