import {
  closeAfterQueue,
  createAppServer,
  DrainDelay,
  honoured,
  launcherSupport,
  listenForRedirects,
  listenOnAll,
  loadApp,
  oneProcessSupport,
  refused,
  serveSupport,
} from 'lockstep'

/**
 * A backend in one file: one process, as `single`, to show every part that a backend has. `docs/writing-a-backend.md` walks
 * through it. Try it: lockstep run app.js --backend ./custom-backend.js
 */
export default {
  name: 'custom',

  // An answer for every option. What the launcher and `serve/` do by themselves comes ready, and what one process alone can not do.
  support: {
    ...launcherSupport,
    ...serveSupport,
    ...oneProcessSupport,
    app: honoured('loaded into this process'),
    interface: honoured('decides how the app is called'),
    bind: (addresses, { platform }) =>
      platform === 'win32' && addresses?.some(({ kind }) => kind === 'unix')
        ? refused('Node has no UNIX domain sockets on Windows', 'Bind HOST:PORT instead.')
        : honoured('bound by this process'),
    host: honoured('bound by this process'),
    port: honoured('bound by this process'),
    'tls.redirect': honoured('bound by this process'),
    backlog: honoured('listen(2)'),
    name: honoured('the title of this process'),
    'timeouts.boot': honoured('loading the app is given up'),
    'timeouts.drainDelay': honoured('it serves on, and says that it is not ready'),
    'timeouts.graceful': honoured('deadline of the drain'),
  },

  async start(plan, host) {
    const startedAt = new Date()
    // 1. Load the app, before anything is bound. It throws what is wrong with the app.
    const app = await loadApp(plan.app, {
      inMemory: host.app,
      bootMs: plan.timeouts.bootMs,
      signal: host.signal,
    })
    // 2. The server of every backend: TLS, limits, access log, drain. It takes connections; it does not listen.
    const server = createAppServer({ plan, app, log: host.log, worker: null })
    // 3. Bind all addresses, or none.
    const listeners = await listenOnAll(plan.addresses, {
      backlog: plan.backlog,
      pauseOnConnect: false,
      onConnection: (socket) => server.accept(socket),
    })
    // 4. The addresses where plain HTTP is sent on to HTTPS: none, unless `tls.redirect` names some.
    const redirects = await listenForRedirects(plan, {
      beside: listeners,
      pauseOnConnect: false,
      onConnection: (socket, to) => server.redirect(socket, to),
    })
    if (plan.name !== null) process.title = plan.name
    host.emit({ type: 'worker:ready', worker: 1, pid: process.pid, app: app.kind })

    // 5. What the launcher can ask of it from now on.
    let state = 'ready'
    let hurried = false
    let ending
    const stopped = Promise.withResolvers()
    const delay = new DrainDelay(plan.timeouts.drainDelayMs)
    const end = async () => {
      if (!delay.isOver) await delay.wait()
      state = 'draining'
      // What waits in the queues of the listeners is taken and served; then nothing more comes.
      const lastTaken = closeAfterQueue([...listeners, ...redirects])
      await server.drain({ deadlineMs: hurried ? 0 : plan.timeouts.gracefulMs, lastTaken })
      state = 'gone'
      stopped.resolve({})
    }
    return {
      addresses: listeners.map(({ address }) => address),
      redirects: redirects.map(({ address }) => address),
      workers: () => (state === 'gone' ? [] : [{ id: 1, pid: process.pid, state, startedAt, restarts: 0 }]),
      stopped: stopped.promise,
      async reload(tls) {
        server.prepareTls(tls).commit()
      },
      async stop({ urgency = 'graceful' } = {}) {
        server.announceStop()
        if (urgency !== 'graceful') {
          hurried = true
          delay.skip()
          server.cut()
        }
        ending ??= end()
        await ending
      },
    }
  },
}
