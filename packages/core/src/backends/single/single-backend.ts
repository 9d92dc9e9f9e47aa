import { showArguments } from '../../app/app-arguments.ts'
import { crashOf } from '../../app/crash.ts'
import type { LaunchError } from '../../errors/launch-error.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import {
  honoured,
  launcherSupport,
  nameSupport,
  oneProcessSupport,
  serveSupport,
} from '../../plan/option-support.ts'
import { watchAccepts } from '../../platform/net/accept-watch.ts'
import { closeAfterQueue } from '../../platform/net/close-after-queue.ts'
import { closeListeners } from '../../platform/net/listener.ts'
import { showTitle } from '../../platform/process/process-title.ts'
import { ownAccountSupport, socketFileSupport } from '../account-support.ts'
import { addressSupport } from '../address-support.ts'
import { DrainDelay } from '../drain-delay.ts'
import type { RunningServer, ServerBackend } from '../server-backend.ts'
import { offerAppMessages } from './offer-app-messages.ts'
import { type StartedParts, type StartHost, startAsAnother, startAsSelf } from './start-in-order.ts'
import { type CrashWatch, watchForCrash } from './watch-for-crash.ts'

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
    args: honoured('process.argv of this process'),
    interface: honoured('decides how the app is called'),
    bind: addressSupport,
    ...socketFileSupport,
    ...ownAccountSupport,
    host: honoured('bound by this process'),
    port: honoured('bound by this process'),
    'tls.redirect': addressSupport,
    backlog: honoured('listen(2)'),
    waitReady: honoured("process.send('ready') of the app"),
    shutdownWithMessage: honoured("the message 'shutdown' after the drain"),
    name: nameSupport('the title of this process'),
    'timeouts.boot': honoured('loading the app is abandoned, if the event loop is not blocked'),
    'timeouts.drainDelay': honoured('it serves on, and says that it is not ready'),
    'timeouts.graceful': honoured('deadline of the drain'),
  },
  async start(plan, host): Promise<RunningServer> {
    const startedAt = new Date()
    // The arguments of a host stay its own, unless it has set some for the app.
    const args = plan.args ?? (host.ownsProcess ? [] : null)
    const shown = args && showArguments(plan.app, args)
    // In a process of a host, an exception may be the host's own.
    const crashWatch = host.ownsProcess ? watchForCrash() : null
    const messages = offerAppMessages(plan, host)
    const { app, server, listeners, redirects } = await start(plan, {
      host: { ...host, saidReady: plan.waitReady ? (messages?.saidReady ?? null) : null },
      crashWatch,
    }).catch((error: unknown) => {
      shown?.[Symbol.dispose]()
      crashWatch?.[Symbol.dispose]()
      messages?.[Symbol.dispose]()
      throw error
    })
    let listenerFailure: LaunchError | null = null
    app.server?.onListenerFailed((error) => {
      listenerFailure = crashOf(error)
    })
    const title = plan.name === null ? null : showTitle(plan.name)
    host.emit({ type: 'worker:ready', worker: 1, pid: process.pid, app: app.kind })

    let state: 'ready' | 'draining' | 'gone' = 'ready'
    const stopped = Promise.withResolvers<{ error?: Error }>()
    void crashWatch?.crashed.then((error) => stopped.resolve({ error }))
    const delay = new DrainDelay(plan.timeouts.drainDelayMs)
    let isHurried = false
    let isEnding = false
    const finish = (): void => {
      if (state === 'gone') return
      crashWatch?.[Symbol.dispose]()
      title?.[Symbol.dispose]()
      shown?.[Symbol.dispose]()
      if (!host.ownsProcess) {
        // The launcher can't let the app finish in a process that keeps running, but it notifies the app.
        if (plan.shutdownWithMessage && state === 'draining') process.emit('message', 'shutdown', undefined)
        messages?.[Symbol.dispose]()
      }
      state = 'gone'
      stopped.resolve({})
    }
    const end = async (): Promise<void> => {
      if (!delay.isOver) await delay.wait()
      state = 'draining'
      const lastTaken = closeAfterQueue([...listeners, ...redirects])
      await server.drain({ deadlineMs: isHurried ? 0 : plan.timeouts.gracefulMs, lastTaken })
      finish()
    }
    return {
      addresses: listeners.map(({ address }) => address),
      redirects: redirects.map(({ address }) => address),
      workers: () =>
        state === 'gone'
          ? []
          : [{ id: 1, pid: process.pid, state, startedAt, restarts: 0, served: server.counts() }],
      stopped: stopped.promise,
      watchAccepts: () => watchAccepts([...listeners, ...redirects]),
      async reload(tls) {
        server.prepareTls(tls).commit()
      },
      announced: () => crashWatch?.[Symbol.dispose](),
      listenerFailure: () => listenerFailure,
      reopenLogs: () => server.reopenLogs(),
      announceStop: () => server.announceStop(),
      async stop({ urgency = 'graceful' } = {}) {
        server.announceStop()
        if (urgency !== 'graceful') {
          isHurried = true
          delay.skip()
          server.cut()
        }
        if (!isEnding) {
          isEnding = true
          void end()
        }
        // An app that does not close what it holds has no more time, or none.
        const late = urgency === 'hurry' ? setTimeout(finish, hurryMs) : undefined
        if (urgency === 'kill') {
          closeListeners([...listeners, ...redirects])
          finish()
        }
        await stopped.promise
        clearTimeout(late)
      },
    }
  },
}

/** When the app crashes meanwhile, it rejects, and what is bound by then is closed. */
async function start(
  plan: LaunchPlan,
  { host, crashWatch }: { host: StartHost; crashWatch: CrashWatch | null },
): Promise<StartedParts> {
  const starting = plan.runAs ? startAsAnother(plan, host) : startAsSelf(plan, host)
  if (!crashWatch) return starting
  const crashed = crashWatch.crashed.then((error) => Promise.reject(error))
  try {
    return await Promise.race([starting, crashed])
  } catch (error) {
    starting
      .then(({ listeners, redirects }) => closeListeners([...listeners, ...redirects]))
      .catch(() => undefined)
    throw error
  }
}
