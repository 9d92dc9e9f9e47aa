import { parentPort, workerData } from 'node:worker_threads'
import {
  createAppServer,
  inProcessServer,
  LaunchError,
  listenForRedirects,
  listenOnAll,
  loadApp,
  planOfApp,
  showArguments,
} from 'lockstep/backend'

// One thread of threads-backend.js: a server of one process for itself, which does what the main thread asks.
const { plan: given, id } = workerData
const say = (level, ...words) => parentPort.postMessage({ log: { level, words } })
const log = Object.fromEntries(
  ['error', 'warn', 'info', 'debug'].map((level) => [level, (...words) => say(level, ...words)]),
)
let server
let running
let staged

const calls = {
  async serve() {
    showArguments(given.app, given.args ?? [])
    // Nothing but the app has servers in this thread.
    const boot = { bootMs: given.timeouts.bootMs, worker: id, isShared: false }
    const app = await loadApp(given.app, boot)
    // An app that calls listen() says by that where it is to be served, unless the user does.
    const plan = planOfApp(given, app)
    server = createAppServer({ plan, app, log, worker: id })
    const binding = { backlog: plan.backlog, pauseOnConnect: false, reusePort: true }
    const listeners = await listenOnAll(plan.addresses, { ...binding, onConnection: server.accept })
    const redirecting = { ...binding, beside: listeners, onConnection: server.redirect }
    const redirects = await listenForRedirects(plan, redirecting)
    server.opened(listeners.map(({ address }) => address))
    // The title of the process belongs to the main thread, and so do the events.
    const host = { emit: () => undefined }
    const named = { ...plan, name: null }
    running = inProcessServer({ plan: named, host, app, server, listeners, redirects })
    const { addresses, redirects: redirected, ofApp } = running
    return { app: app.kind, where: { addresses, redirects: redirected, ofApp } }
  },
  // All threads prepare a new certificate before one of them uses it.
  prepareTls(tls) {
    staged = server.prepareTls(tls)
  },
  commitTls: () => staged.commit(),
  announceStop: () => running.announceStop(),
  reopenLogs: () => running.reopenLogs(),
  stop: (options) => running.stop(options),
}

parentPort.on('message', async ({ number, call, argument }) => {
  try {
    parentPort.postMessage({ number, result: await calls[call](argument) })
  } catch (error) {
    parentPort.postMessage({
      number,
      ...(error instanceof LaunchError ? { faults: error.faults } : { error }),
    })
  }
})
