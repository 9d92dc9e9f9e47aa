import { honoured, launcherSupport, refused, serveSupport } from '../../plan/option-support.ts'
import { closeListeners } from '../../platform/listen.ts'
import { accountSupport, socketFileSupport } from '../account-support.ts'
import { addressSupport } from '../address-support.ts'
import type { RunningServer, ServerBackend } from '../server-backend.ts'
import { startAsAnother, startAsSelf } from './start-in-order.ts'

/** One process, the app in it: what Uvicorn is to Python. */
export const singleBackend: ServerBackend = {
  name: 'single',
  support: {
    ...launcherSupport,
    ...serveSupport,
    app: honoured('loaded into this process'),
    interface: honoured('decides how the app is called'),
    bind: addressSupport,
    ...socketFileSupport,
    ...accountSupport,
    host: honoured('bound by this process'),
    port: honoured('bound by this process'),
    'tls.redirect': addressSupport,
    backlog: honoured('listen(2)'),
    workers: (value) =>
      value === 1
        ? honoured('this process')
        : refused('it serves in one process', 'Use --backend cluster, or leave the backend to auto.'),
    name: honoured('the title of this process'),
    'timeouts.boot': honoured('loading the app is given up, while the event loop turns'),
    'timeouts.hang': refused(
      'nobody watches a process that blocks its own event loop',
      'Use --backend cluster, which has a primary that does (one worker is enough).',
    ),
    'timeouts.graceful': honoured('deadline of the drain'),
  },
  async start(plan, host): Promise<RunningServer> {
    const startedAt = new Date()
    const { app, server, listeners, redirects } = plan.runAs
      ? await startAsAnother(plan, host)
      : await startAsSelf(plan, host)
    const title = process.title
    if (plan.name !== null) process.title = plan.name
    host.emit({ type: 'worker:ready', worker: 1, pid: process.pid, app: app.kind })

    let state: 'ready' | 'draining' | 'gone' = 'ready'
    const stopped = Promise.withResolvers<{ error?: Error }>()
    return {
      addresses: listeners.map(({ address }) => address),
      redirects: redirects.map(({ address }) => address),
      workers: () => (state === 'gone' ? [] : [{ id: 1, pid: process.pid, state, startedAt, restarts: 0 }]),
      stopped: stopped.promise,
      async reload(tls) {
        server.prepareTls(tls).commit()
      },
      async stop({ force = false } = {}) {
        if (force) server.cut()
        if (state === 'ready') {
          state = 'draining'
          closeListeners([...listeners, ...redirects])
          await server.drain({ deadlineMs: force ? 0 : plan.timeouts.gracefulMs })
          state = 'gone'
          process.title = title
          stopped.resolve({})
        }
        await stopped.promise
      },
    }
  },
}
