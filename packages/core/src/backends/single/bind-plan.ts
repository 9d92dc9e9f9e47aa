import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { type Listener, listenOnAll } from '../../platform/listen.ts'
import type { AppServer } from '../../serve/app-server.ts'
import { listenForRedirects } from '../listen-for-redirects.ts'
import type { ConnectionGate } from './connection-gate.ts'

export interface BoundPlan {
  readonly listeners: readonly Listener[]
  readonly redirects: readonly Listener[]
}

/** Binds all addresses of a plan, or none. The server is asked for when the gate lets the first connection through. */
export async function bindPlan(
  plan: LaunchPlan,
  { gate, server }: { gate: ConnectionGate; server: () => Pick<AppServer, 'accept' | 'redirect'> },
): Promise<BoundPlan> {
  const pauseOnConnect = !gate.isOpen
  const listeners = await listenOnAll(plan.addresses, {
    backlog: plan.backlog,
    pauseOnConnect,
    onConnection: (socket) => gate.pass(socket, () => server().accept(socket)),
  })
  const redirects = await listenForRedirects(plan, {
    beside: listeners,
    pauseOnConnect,
    onConnection: (socket, to) => gate.pass(socket, () => server().redirect(socket, to)),
  })
  return { listeners, redirects }
}
