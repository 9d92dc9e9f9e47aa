import {
  honoured,
  launcherSupport,
  nameSupport,
  ownAppSupport,
  refused,
  serveSupport,
} from '../../plan/option-support.ts'
import { handOverFiles, makeMissingFiles } from '../../platform/files/handed-over/hand-over-files.ts'
import type { MadeFiles } from '../../platform/files/handed-over/made-files.ts'
import { showTitle } from '../../platform/process/process-title.ts'
import { accountSupport, socketFileSupport } from '../account-support.ts'
import { handedOverAddressSupport } from '../address-support.ts'
import { DrainDelay } from '../drain-delay.ts'
import type { RunningServer, TotalBackend } from '../server-backend.ts'
import { appPortSupport } from './balance/app-port-support.ts'
import { balanceSupport } from './balance/balance-support.ts'
import { createIntake } from './balance/create-intake.ts'
import { HeldAppPorts } from './balance/held-app-ports.ts'
import { WorkerPool } from './primary/worker-pool.ts'

/** A primary that binds and supervises but never serves, and workers that serve: what Gunicorn is to Python. */
export const clusterBackend: TotalBackend = {
  name: 'cluster',
  support: {
    ...launcherSupport,
    ...serveSupport,
    ...ownAppSupport,
    app: (value) =>
      typeof value === 'string' || value === null
        ? honoured('loaded into each worker')
        : refused(
            'an app in memory cannot cross the border of a process',
            "Pass the path of the app's module, or use the backend single.",
          ),
    args: honoured('process.argv of each worker'),
    'static.directory': honoured('served by each worker'),
    'static.single': honoured('served by each worker'),
    import: honoured('loaded into each worker before the app'),
    interface: honoured('decides how the app is called'),
    appPorts: appPortSupport,
    bind: handedOverAddressSupport,
    ...socketFileSupport,
    ...accountSupport,
    balance: balanceSupport,
    sticky: honoured('the worker that accepts a request passes it on to its owner'),
    host: honoured('bound by the primary'),
    port: honoured('bound by the primary'),
    'tls.redirect': handedOverAddressSupport,
    backlog: honoured('listen(2) of the primary'),
    workers: honoured('processes'),
    waitReady: honoured("process.send('ready') of the app"),
    shutdownWithMessage: honoured("the message 'shutdown' after the drain"),
    name: nameSupport('the titles of primary and workers'),
    'timeouts.boot': honoured('the worker is ended'),
    'timeouts.hang': honoured('heartbeats of the event loop'),
    'timeouts.drainDelay': honoured('the workers serve on, and say that they are not ready'),
    'timeouts.graceful': honoured('deadline of the drain, then the process tree is killed'),
    'reload.mode': (value) =>
      value === 'replace'
        ? honoured('a new worker is ready before the old one drains')
        : refused(
            'its workers can run beside each other, so a reload never stops one first',
            'Leave it out, or use reload.maxSurge and reload.maxUnavailable.',
          ),
    'reload.maxSurge': honoured('up to this many new workers start in addition to the old ones'),
    'reload.maxUnavailable': honoured('up to this many old workers drain before the new ones are ready'),
    'recycle.maxRequests': honoured('the worker counts, the primary replaces it'),
    'recycle.maxRequestsJitter': honoured('drawn for each worker'),
    'recycle.lifetime': honoured('the primary replaces the worker'),
    'recycle.lifetimeJitter': honoured('drawn for each worker'),
    'recycle.memory': (value, { canReadMemory }) =>
      value === null || canReadMemory
        ? honoured('reported with each heartbeat, the primary replaces the worker')
        : refused(
            'this system does not say how much memory a process holds: /proc cannot be read',
            'Mount /proc, or use recycle.heap (--max-heap) or a limit of the container.',
          ),
    'recycle.heap': honoured('reported with each heartbeat, the primary replaces the worker'),
  },
  async start(plan, host): Promise<RunningServer> {
    const appPorts = new HeldAppPorts(plan.appPorts, host.log)
    const pool: WorkerPool = new WorkerPool({
      plan,
      host,
      openAppPort: (listen) => appPorts.open(listen),
      redirectionOf: (socket) => intake.redirectionOf(socket),
      onChange: () => intake.update(),
      onReturned: (sockets) => intake.takeBack(sockets),
    })
    const intake = createIntake({ plan, log: host.log, workers: () => pool.handles() })
    let opening: ReturnType<typeof intake.open> | undefined
    let made: MadeFiles | undefined
    try {
      made = await handOverFiles(plan)
      await pool.boot()
      const diedEarly = pool.diedEarly.then((error) => Promise.reject(error))
      diedEarly.catch(() => undefined)
      const planned = pool.plannedWithApp()
      opening = intake.open(planned.plan)
      const { addresses, redirects } = await Promise.race([opening, diedEarly])
      pool.opened(addresses)
      const title = plan.name === null ? null : showTitle(`${plan.name}: primary`)
      const stopped = Promise.withResolvers<{ error?: Error }>()
      void pool.diedEarly.then((error) => stopped.resolve({ error }))
      const delay = new DrainDelay(plan.timeouts.drainDelayMs)
      return {
        addresses,
        ...(planned.ofApp && { ofApp: planned.ofApp }),
        redirects,
        workers: () => pool.handles().map((worker) => worker.status()),
        stopped: stopped.promise,
        supervisor: pool.supervisor,
        watchAccepts: () => intake.watchAccepts(),
        applyTls: (tls) => pool.applyTls(tls),
        announced() {
          pool.announced()
          made?.keep()
        },
        listenerFailure: () => pool.listenerFailure(),
        async reopenLogs() {
          // While this process is root: the user that serves may not create files in a folder of root.
          makeMissingFiles(plan)
          await pool.reopenLogs()
        },
        announceStop: () => pool.announceStop(),
        async stop({ urgency = 'graceful', signal = 'SIGTERM' } = {}) {
          pool.announceStop()
          if (urgency !== 'graceful') delay.skip()
          await delay.wait()
          pool.beginStop()
          // A connection that is accepted now goes to a worker before that one begins to drain.
          const closed = intake.stopAccepting()
          if (urgency === 'graceful') await closed
          await pool.stop(urgency, signal)
          intake.close()
          await appPorts.close()
          await made?.remove()
          title?.[Symbol.dispose]()
          stopped.resolve({})
        },
      }
    } catch (error) {
      await pool.stop('kill')
      // What is bound is closed, and not while it is being bound.
      await opening?.catch(() => undefined)
      intake.close()
      await appPorts.close()
      await made?.remove()
      throw error
    }
  },
}
