import type { Socket } from 'node:net'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import { type ConnectionEnds, endsOf, watchAccepts } from '../../../platform/net/accept-watch.ts'
import { closeAfterQueue } from '../../../platform/net/close-after-queue.ts'
import { listenOnAll } from '../../../platform/net/listen.ts'
import { closeListeners, type Listener } from '../../../platform/net/listener.ts'
import { listenForRedirects } from '../../listen-for-redirects.ts'
import { tellAcceptErrors } from '../../tell-accept-errors.ts'
import { Dispatcher } from '../primary/dispatcher.ts'
import type { WorkerHandle } from '../primary/worker-handle.ts'
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
  /** Who got the connections of a watch; `null`: there is none. */
  let takers: Map<ConnectionEnds, WorkerHandle> | null = null
  const dispatch = (socket: Socket): void => {
    const ends = takers === null ? null : endsOf(socket, 'server')
    const taker = dispatcher.dispatch(socket)
    if (ends !== null && taker) takers?.set(ends, taker)
  }
  let listeners: readonly Listener[] = []
  let closing: Promise<void> | undefined
  return {
    async open(plan) {
      const own = await listenOnAll(plan.addresses, {
        backlog: plan.backlog,
        pauseOnConnect: true,
        onAcceptError,
        onConnection: dispatch,
      })
      const redirects = await listenForRedirects(plan, {
        beside: own,
        pauseOnConnect: true,
        onAcceptError,
        onConnection(socket, to) {
          redirected.set(socket, to)
          dispatch(socket)
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
    async watchAccepts() {
      const watch = watchAccepts(listeners)
      const taken = new Map<ConnectionEnds, WorkerHandle>()
      takers = taken
      return {
        async accepted(connections) {
          const accepted = await watch.accepted(connections)
          for (const ends of accepted) taken.get(ends)?.exchanges.accepts.countProbe()
          return accepted
        },
        [Symbol.dispose]() {
          watch[Symbol.dispose]()
          if (takers === taken) takers = null
        },
      }
    },
    stopAccepting: () => (closing ??= closeAfterQueue(listeners)),
    close() {
      closeListeners(listeners)
      dispatcher.close()
    },
  }
}
