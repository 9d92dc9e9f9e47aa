import type { Socket } from 'node:net'
import type { Logger } from '../../log/logger.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { listenOnAll } from '../../platform/net/listen.ts'
import type { Listener } from '../../platform/net/listener.ts'
import type { AppServer } from '../../serve/app-server.ts'
import { listenForRedirects } from '../listen-for-redirects.ts'
import { tellAcceptErrors } from '../tell-accept-errors.ts'
import type { ConnectionGate } from './connection-gate.ts'

export interface BoundPlan {
  readonly listeners: readonly Listener[]
  readonly redirects: readonly Listener[]
}

/** Binds all addresses of a plan, or none. The server is asked for when the gate lets the first connection through. */
export async function bindPlan(
  plan: LaunchPlan,
  {
    gate,
    server,
    log,
  }: {
    gate: ConnectionGate
    server: () => Pick<AppServer, 'accept' | 'redirect'>
    log: Logger
  },
): Promise<BoundPlan> {
  const pauseOnConnect = !gate.isOpen
  const onAcceptError = tellAcceptErrors(log)
  const serve = (socket: Socket): void => server().accept(socket)
  const listeners = await listenOnAll(plan.addresses, {
    backlog: plan.backlog,
    pauseOnConnect,
    onAcceptError,
    onConnection: (socket) => gate.pass(socket, serve),
  })
  const redirects = await listenForRedirects(plan, {
    beside: listeners,
    pauseOnConnect,
    onAcceptError,
    onConnection: (socket, to) => gate.pass(socket, () => server().redirect(socket, to)),
  })
  return { listeners, redirects }
}
