import type { Socket } from 'node:net'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { listenOnAll } from '../platform/net/listen.ts'
import { closeListeners, type Listener } from '../platform/net/listener.ts'
import { redirectPort } from '../serve/redirect/redirect-port.ts'

/**
 * Binds the redirect listeners of a plan, once its own addresses are bound: unless the plan names another port, they send clients
 * to the first TCP port among these.
 * When one fails, all are closed, those of `beside` too.
 */
export async function listenForRedirects(
  plan: LaunchPlan,
  {
    beside,
    pauseOnConnect,
    onConnection,
    reusePort = false,
    onAcceptError = () => undefined,
  }: {
    beside: readonly Listener[]
    pauseOnConnect: boolean
    onConnection: (socket: Socket, to: { readonly httpsPort: number }) => void
    /** As for `listenOnAll()`. */
    reusePort?: boolean
    onAcceptError?: (error: Error) => void
  },
): Promise<Listener[]> {
  const httpsPort = redirectPort(
    plan.https,
    beside.map(({ address }) => address),
  )
  if (plan.https.redirect.length === 0 || httpsPort === null) return []
  try {
    return await listenOnAll(plan.https.redirect, {
      backlog: plan.backlog,
      pauseOnConnect,
      reusePort,
      onAcceptError,
      onConnection: (socket) => onConnection(socket, { httpsPort }),
    })
  } catch (error) {
    closeListeners(beside)
    throw error
  }
}
