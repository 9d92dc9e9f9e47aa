import type { Socket } from 'node:net'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import { watchAccepts } from '../../../platform/net/accept-watch.ts'
import { closeAfterQueue } from '../../../platform/net/close-after-queue.ts'
import { listenOnAll } from '../../../platform/net/listen.ts'
import { closeListeners, type Listener } from '../../../platform/net/listener.ts'
import { listenForRedirects } from '../../listen-for-redirects.ts'
import { tellAcceptErrors } from '../../tell-accept-errors.ts'
import { Dispatcher } from '../primary/dispatcher.ts'
import type { Redirection } from '../wire/messages.ts'
import type { Intake, IntakeOptions } from './intake.ts'

/** Whether the other end of a connection is the client by whose address its worker is found. */
function knowsOwners({ sticky, proxy }: LaunchPlan): boolean {
  return sticky === 'address' && proxy.trusted.length === 0 && proxy.protocol === 'off'
}

/** `round-robin`: the primary accepts, and passes each connection to a worker. */
export function handOverConnections({ plan: asked, log, workers }: IntakeOptions): Intake {
  const onAcceptError = tellAcceptErrors(log)
  const dispatcher = new Dispatcher(workers, { byAddress: knowsOwners(asked) })
  /** The connections that are only to be sent on to HTTPS. A worker does it: the primary reads no byte of a client. */
  const redirected = new WeakMap<Socket, Redirection>()
  let listeners: readonly Listener[] = []
  let closing: Promise<void> | undefined
  return {
    async open(plan) {
      const own = await listenOnAll(plan.addresses, {
        backlog: plan.backlog,
        pauseOnConnect: true,
        onAcceptError,
        onConnection: (socket) => dispatcher.dispatch(socket),
      })
      const redirects = await listenForRedirects(plan, {
        beside: own,
        pauseOnConnect: true,
        onAcceptError,
        onConnection(socket, to) {
          redirected.set(socket, to)
          dispatcher.dispatch(socket)
        },
      })
      listeners = [...own, ...redirects]
      return {
        addresses: own.map(({ address }) => address),
        redirects: redirects.map(({ address }) => address),
      }
    },
    async update() {
      dispatcher.flush()
    },
    takeBack(sockets) {
      for (const socket of sockets) dispatcher.dispatch(socket)
    },
    redirectionOf: (socket) => redirected.get(socket) ?? null,
    watchAccepts: () => watchAccepts(listeners),
    stopAccepting: () => (closing ??= closeAfterQueue(listeners)),
    close() {
      closeListeners(listeners)
      dispatcher.close()
    },
  }
}
