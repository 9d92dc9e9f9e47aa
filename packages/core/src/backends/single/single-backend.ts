import { loadApp, stoppedInBoot } from '../../app/load-app.ts'
import { honoured, launcherSupport, oneProcessSupport, serveSupport } from '../../plan/option-support.ts'
import { closeListeners, listenOnAll } from '../../platform/listen.ts'
import { createAppServer } from '../../serve/app-server.ts'
import { listenForRedirects } from '../listen-for-redirects.ts'
import type { RunningServer, ServerBackend } from '../server-backend.ts'
import { noWindowsSocketPath } from '../socket-path-support.ts'
import { tellAcceptErrors } from '../tell-accept-errors.ts'

/** What an app has to close what it holds when a stop hurries. */
const hurryMs = 1_000

/** One process, the app in it: what Uvicorn is to Python. */
export const singleBackend: ServerBackend = {
  name: 'single',
  support: {
    ...launcherSupport,
    ...serveSupport,
    ...oneProcessSupport,
    app: honoured('loaded into this process'),
    interface: honoured('decides how the app is called'),
    bind: noWindowsSocketPath,
    host: honoured('bound by this process'),
    port: honoured('bound by this process'),
    'tls.redirect': noWindowsSocketPath,
    backlog: honoured('listen(2)'),
    name: honoured('the title of this process'),
    'timeouts.boot': honoured('loading the app is given up, while the event loop turns'),
    'timeouts.graceful': honoured('deadline of the drain'),
  },
  async start(plan, host): Promise<RunningServer> {
    const startedAt = new Date()
    const app = await loadApp(plan.app, {
      inMemory: host.app,
      bootMs: plan.timeouts.bootMs,
      signal: host.signal,
    })
    const server = createAppServer({ plan, app, log: host.log, worker: null })
    if (host.signal.aborted) throw stoppedInBoot()
    const onAcceptError = tellAcceptErrors(host.log)
    const listeners = await listenOnAll(plan.addresses, {
      backlog: plan.backlog,
      pauseOnConnect: false,
      onAcceptError,
      onConnection: (socket) => server.accept(socket),
    })
    const redirects = await listenForRedirects(plan, {
      beside: listeners,
      pauseOnConnect: false,
      onAcceptError,
      onConnection: (socket, to) => server.redirect(socket, to),
    })
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
      async stop({ urgency = 'graceful' } = {}) {
        const end = (): void => {
          state = 'gone'
          process.title = title
          stopped.resolve({})
        }
        if (urgency !== 'graceful') server.cut()
        if (state === 'ready') {
          state = 'draining'
          closeListeners([...listeners, ...redirects])
          const deadlineMs = urgency === 'graceful' ? plan.timeouts.gracefulMs : 0
          void server.drain({ deadlineMs }).then(end)
        }
        // An app that does not close what it holds has no more time, or none.
        const late = urgency === 'hurry' ? setTimeout(end, hurryMs) : undefined
        if (urgency === 'kill') end()
        await stopped.promise
        clearTimeout(late)
      },
    }
  },
}
