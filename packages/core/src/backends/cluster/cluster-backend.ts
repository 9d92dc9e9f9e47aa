import type { Socket } from 'node:net'
import { honoured, launcherSupport, refused, serveSupport } from '../../plan/option-support.ts'
import { closeListeners, listenOnAll } from '../../platform/listen.ts'
import { listenForRedirects } from '../listen-for-redirects.ts'
import type { RunningServer, ServerBackend } from '../server-backend.ts'
import { noWindowsSocketPath } from '../socket-path-support.ts'
import { tellAcceptErrors } from '../tell-accept-errors.ts'
import { Dispatcher } from './dispatcher.ts'
import type { Redirection } from './messages.ts'
import { WorkerPool } from './worker-pool.ts'

/** A primary that binds and supervises but never serves, and workers that serve: what Gunicorn is to Python. */
export const clusterBackend: ServerBackend = {
  name: 'cluster',
  support: {
    ...launcherSupport,
    ...serveSupport,
    app: (value) =>
      typeof value === 'string' || value === null
        ? honoured('loaded into each worker')
        : refused(
            'an app in memory can not cross the border of a process',
            "Pass the path of the app's module, or use the backend single.",
          ),
    interface: honoured('decides how the app is called'),
    bind: noWindowsSocketPath,
    host: honoured('bound by the primary'),
    port: honoured('bound by the primary'),
    'tls.redirect': noWindowsSocketPath,
    backlog: honoured('listen(2) of the primary'),
    workers: honoured('processes'),
    name: honoured('the titles of primary and workers'),
    'timeouts.boot': honoured('the worker is ended'),
    'timeouts.hang': honoured('heartbeats of the event loop'),
    'timeouts.graceful': honoured('deadline of the drain, then the process tree is killed'),
    'reload.maxSurge': honoured('so many new workers start beside the old ones'),
    'reload.maxUnavailable': honoured('so many old workers drain before the new ones are ready'),
    'recycle.maxRequests': honoured('the worker counts, the primary replaces it'),
    'recycle.maxRequestsJitter': honoured('drawn for each worker'),
    'recycle.lifetime': honoured('the primary replaces the worker'),
    'recycle.lifetimeJitter': honoured('drawn for each worker'),
    'recycle.memory': honoured('told with each heartbeat, the primary replaces the worker'),
    'recycle.heap': honoured('told with each heartbeat, the primary replaces the worker'),
  },
  async start(plan, host): Promise<RunningServer> {
    /** The connections that are only to be sent on to HTTPS. A worker does it: the primary reads no byte of a client. */
    const redirected = new WeakMap<Socket, Redirection>()
    const pool = new WorkerPool({
      plan,
      host,
      redirectionOf: (socket) => redirected.get(socket) ?? null,
      onReady: () => dispatcher.flush(),
      onReturned: (socket) => dispatcher.dispatch(socket),
    })
    const dispatcher = new Dispatcher(() => pool.handles())
    const title = process.title
    try {
      await pool.boot()
      const onAcceptError = tellAcceptErrors(host.log)
      const listeners = await listenOnAll(plan.addresses, {
        backlog: plan.backlog,
        pauseOnConnect: true,
        onAcceptError,
        onConnection: (socket) => dispatcher.dispatch(socket),
      })
      const redirects = await listenForRedirects(plan, {
        beside: listeners,
        pauseOnConnect: true,
        onAcceptError,
        onConnection(socket, to) {
          redirected.set(socket, to)
          dispatcher.dispatch(socket)
        },
      })
      if (plan.name !== null) process.title = `${plan.name}: primary`
      const stopped = Promise.withResolvers<{ error?: Error }>()
      let stopping = false
      return {
        addresses: listeners.map(({ address }) => address),
        redirects: redirects.map(({ address }) => address),
        workers: () => pool.handles().map((worker) => worker.status()),
        stopped: stopped.promise,
        supervisor: pool.supervisor,
        reload: (tls) => pool.reload(tls),
        async stop({ urgency = 'graceful' } = {}) {
          if (!stopping) closeListeners([...listeners, ...redirects])
          stopping = true
          await pool.stop(urgency)
          dispatcher.close()
          process.title = title
          stopped.resolve({})
        },
      }
    } catch (error) {
      await pool.stop('kill')
      throw error
    }
  },
}
