import { Worker } from 'node:worker_threads'
import {
  defineBackend,
  honoured,
  inProcessSupport,
  LaunchError,
  launcherSupport,
  listenSupport,
  refused,
  serveSupport,
} from 'lockstep/backend'

// A thread for each worker, which runs threads-worker.js and listens on the same ports as the others (SO_REUSEPORT).
// Try it: lockstep run app.js --workers 2 --backend ./threads-backend.js
const notHere = refused('all threads belong to one process', 'Use the backend cluster.')
const onlyPorts = (addresses, { platform }) =>
  platform === 'linux' && (addresses ?? []).every(({ kind }) => kind === 'tcp')
    ? honoured('bound by each thread')
    : refused('threads share only TCP ports, and only on Linux', 'Use the backend cluster.')

export default defineBackend({
  apiVersion: 1,
  name: 'threads',
  lacks: ['processes', 'revival', 'accept-watch'],
  support: {
    ...launcherSupport,
    ...serveSupport,
    ...listenSupport,
    ...inProcessSupport,
    app: (value) => (typeof value === 'string' ? honoured('loaded into each thread') : notHere),
    args: honoured('process.argv of each thread'),
    interface: honoured('decides how the app is called'),
    workers: honoured('a thread each'),
    balance: (value) => (value === 'auto' ? honoured('a socket for each thread') : notHere),
    sticky: (value) => (value === 'none' ? honoured('none') : notHere),
    bind: onlyPorts,
    'tls.redirect': onlyPorts,
    'timeouts.boot': honoured('loading the app is given up'),
    user: notHere,
    group: notHere,
  },

  async start(plan, host) {
    const threads = []
    const ended = Promise.withResolvers()
    let isStopping = false
    const terminateAll = () => Promise.all(threads.map(({ thread }) => thread.terminate()))
    const askAll = (...call) => Promise.all(threads.map(({ ask }) => ask(...call)))
    const spawn = async (id, threadPlan) => {
      const workerData = { plan: threadPlan, id }
      const thread = new Worker(new URL('threads-worker.js', import.meta.url), { workerData })
      const status = { id, pid: process.pid, state: 'booting', startedAt: new Date(), restarts: 0 }
      const asked = new Map()
      let calls = 0
      const ask = (call, argument) =>
        new Promise((resolve, reject) => {
          calls += 1
          asked.set(calls, { resolve, reject })
          thread.postMessage({ number: calls, call, argument })
        })
      const one = { thread, status, ask }
      threads.push(one)
      thread.on('message', ({ number, result, faults, error, log }) => {
        if (log) host.log[log.level](...log.words)
        else if (faults ?? error) asked.get(number).reject(faults ? new LaunchError(faults) : error)
        else asked.get(number).resolve(result)
      })
      let error
      thread.on('error', (thrown) => (error = thrown))
      thread.on('exit', (code) => {
        error ??= new Error(`Thread ${id} ended with exit code ${code}.`)
        for (const { reject } of asked.values()) reject(error)
        threads.splice(threads.indexOf(one), 1)
        if (status.state === 'booting') return
        const end = { pid: process.pid, code, signal: null, expected: isStopping }
        host.emit({ type: 'worker:exited', worker: id, ...end })
        if (!isStopping) ended.resolve(terminateAll().then(() => ({ error })))
      })
      const served = await ask('serve')
      status.state = 'ready'
      host.emit({ type: 'worker:ready', worker: id, pid: process.pid, app: served.app })
      return served
    }
    host.signal.addEventListener('abort', terminateAll, { once: true })
    if (plan.name !== null) process.title = plan.name
    try {
      // The first thread finds the ports, and the others take the same.
      const { where } = await spawn(1, plan)
      const found = (all) => all.map((one) => ({ ...one, mayMove: false }))
      const https = { ...plan.https, redirect: found(where.redirects) }
      // As if the user had set them, so that a port that an app asks for, which may be 0, does not count again.
      const samePlan = { ...plan, addresses: found(where.addresses), https, userSetAddress: ['bind'] }
      for (let id = 2; id <= plan.workers; id += 1) await spawn(id, samePlan)
      return {
        ...where,
        stopped: ended.promise,
        workers: () => threads.map(({ status }) => ({ ...status })),
        announceStop: () => void askAll('announceStop'),
        reopenLogs: () => askAll('reopenLogs'),
        async applyTls(tls) {
          await askAll('prepareTls', tls)
          await askAll('commitTls')
        },
        async stop({ urgency = 'graceful', signal } = {}) {
          isStopping = true
          for (const { status } of threads) status.state = 'draining'
          if (urgency !== 'kill') await askAll('stop', { urgency, signal }).catch(() => undefined)
          await terminateAll()
          ended.resolve({})
        },
      }
    } catch (error) {
      await terminateAll()
      if (!host.signal.aborted) throw error
      throw new LaunchError({ code: 'LOCKSTEP_ERR_STOPPED', message: 'The launch was given up.', hint: '' })
    }
  },
})
