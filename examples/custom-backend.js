import {
  addressSupport,
  closeListeners,
  createAppServer,
  honoured,
  launcherSupport,
  listenForRedirects,
  listenOnAll,
  loadApp,
  refused,
  serveSupport,
  socketFileSupport,
} from 'lockstep'

/**
 * A backend in one file: one process, as `single`, to show every part that a backend has. `docs/writing-a-backend.md` walks
 * through it. Try it: lockstep run app.js --backend ./custom-backend.js
 */
export default {
  name: 'custom',

  // An answer for every option. What the launcher and `serve/` do by themselves comes ready.
  support: {
    ...launcherSupport,
    ...serveSupport,
    app: honoured('loaded into this process'),
    interface: honoured('decides how the app is called'),
    // What `listenOnAll()` can bind here, and how.
    bind: addressSupport,
    ...socketFileSupport,
    host: honoured('bound by this process'),
    port: honoured('bound by this process'),
    'tls.redirect': addressSupport,
    backlog: honoured('listen(2)'),
    workers: (count) =>
      count === 1
        ? honoured('this process')
        : refused('it serves in one process', 'Use the backend cluster.'),
    user: refused('it loads the app as whoever starts it', 'Use the backend single or cluster.'),
    group: refused('it loads the app as whoever starts it', 'Use the backend single or cluster.'),
    name: honoured('the title of this process'),
    'timeouts.boot': honoured('loading the app is given up'),
    'timeouts.hang': refused('nobody watches this process', 'Use the backend cluster.'),
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
    const stopped = Promise.withResolvers()
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
          stopped.resolve({})
        }
        await stopped.promise
      },
    }
  },
}
