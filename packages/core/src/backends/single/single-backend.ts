import { loadApp, stoppedInBoot } from '../../app/load-app.ts'
import { honoured, launcherSupport, oneProcessSupport, serveSupport } from '../../plan/option-support.ts'
import { closeAfterQueue } from '../../platform/close-after-queue.ts'
import { listenOnAll } from '../../platform/listen.ts'
import { createAppServer } from '../../serve/app-server.ts'
import { DrainDelay } from '../drain-delay.ts'
import { listenForRedirects } from '../listen-for-redirects.ts'
import type { RunningServer, ServerBackend } from '../server-backend.ts'
import { noWindowsSocketPath } from '../socket-path-support.ts'

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
    'timeouts.drainDelay': honoured('it serves on, and says that it is not ready'),
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
    const listeners = await listenOnAll(plan.addresses, {
      backlog: plan.backlog,
      pauseOnConnect: false,
      onConnection: (socket) => server.accept(socket),
    })
    const redirects = await listenForRedirects(plan, {
      beside: listeners,
      pauseOnConnect: false,
      onConnection: (socket, to) => server.redirect(socket, to),
    })
    const title = process.title
    if (plan.name !== null) process.title = plan.name
    host.emit({ type: 'worker:ready', worker: 1, pid: process.pid, app: app.kind })

    let state: 'ready' | 'draining' | 'gone' = 'ready'
    const stopped = Promise.withResolvers<{ error?: Error }>()
    const delay = new DrainDelay(plan.timeouts.drainDelayMs)
    let isHurried = false
    const finish = (): void => {
      state = 'gone'
      process.title = title
      stopped.resolve({})
    }
    const end = async (): Promise<void> => {
      if (!delay.isOver) await delay.wait()
      state = 'draining'
      const lastTaken = closeAfterQueue([...listeners, ...redirects])
      await server.drain({ deadlineMs: isHurried ? 0 : plan.timeouts.gracefulMs, lastTaken })
      finish()
    }
    let ending: Promise<void> | undefined
    return {
      addresses: listeners.map(({ address }) => address),
      redirects: redirects.map(({ address }) => address),
      workers: () =>
        state === 'gone'
          ? []
          : [{ id: 1, pid: process.pid, state, startedAt, restarts: 0, served: server.counts() }],
      stopped: stopped.promise,
      async reload(tls) {
        server.prepareTls(tls).commit()
      },
      async stop({ urgency = 'graceful' } = {}) {
        server.announceStop()
        if (urgency !== 'graceful') {
          isHurried = true
          delay.skip()
          server.cut()
        }
        ending ??= end()
        // An app that does not close what it holds has no more time, or none.
        const late = urgency === 'hurry' ? setTimeout(finish, hurryMs) : undefined
        if (urgency === 'kill') finish()
        await stopped.promise
        clearTimeout(late)
      },
    }
  },
}
