import { loadApp, stoppedInBoot } from '../../app/load-app.ts'
import type { ServedApp } from '../../app/served-app.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { handOverFiles } from '../../platform/files/hand-over-files.ts'
import { closeListeners } from '../../platform/net/listener.ts'
import { type AppServer, createAppServer } from '../../serve/app-server.ts'
import { limitReports } from '../../serve/tls/refusal-reports.ts'
import { leaveRoot } from '../leave-root.ts'
import type { BackendHost } from '../server-backend.ts'
import { type BoundPlan, bindPlan } from './bind-plan.ts'
import { ConnectionGate } from './connection-gate.ts'

export interface StartedParts extends BoundPlan {
  readonly app: ServedApp
  readonly server: AppServer
}

export interface StartHost extends BackendHost {
  /** `null`: the app is ready when it is loaded. */
  readonly saidReady: Promise<void> | null
}

/** Loads the app first, so that a port is open only when it is served. */
export async function startAsSelf(plan: LaunchPlan, host: StartHost): Promise<StartedParts> {
  const loaded = await load(plan, host)
  const gate = new ConnectionGate()
  gate.open()
  const bound = await bindPlan(plan, { gate, server: () => loaded.server, log: host.log })
  loaded.server.opened(bound.listeners.map(({ address }) => address))
  return { ...loaded, ...bound }
}

/** Binds first, as root: the app must be loaded as the other user. Who connects meanwhile waits. */
export async function startAsAnother(plan: LaunchPlan, host: StartHost): Promise<StartedParts> {
  const gate = new ConnectionGate()
  let loaded: Pick<StartedParts, 'app' | 'server'> | undefined
  const bound = await bindPlan(plan, {
    gate,
    log: host.log,
    server() {
      if (!loaded) throw new TypeError('the gate opens when there is a server')
      return loaded.server
    },
  })
  try {
    handOverFiles(plan)
    leaveRoot(plan)
    loaded = await load(plan, host)
  } catch (error) {
    gate.close()
    closeListeners([...bound.listeners, ...bound.redirects])
    throw error
  }
  loaded.server.opened(bound.listeners.map(({ address }) => address))
  gate.open()
  return { ...loaded, ...bound }
}

async function load(plan: LaunchPlan, host: StartHost): Promise<Pick<StartedParts, 'app' | 'server'>> {
  const app = await loadApp(plan.app, {
    inMemory: host.app,
    bootMs: plan.timeouts.bootMs,
    signal: host.signal,
    saidReady: host.saidReady,
  })
  const server = createAppServer({
    plan,
    app,
    log: host.log,
    worker: null,
    onClientRefused: limitReports((refusal) =>
      host.emit({ type: 'client:refused', worker: 1, pid: process.pid, ...refusal }),
    ),
  })
  if (host.signal.aborted) throw stoppedInBoot()
  return { app, server }
}
