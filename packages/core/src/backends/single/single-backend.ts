import { showArguments } from '../../app/app-arguments.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import { honoured, launcherSupport, serveSupport } from '../../plan/option-support.ts'
import { closeListeners } from '../../platform/net/listener.ts'
import { ownAccountSupport } from '../account-support.ts'
import { listenSupport } from '../address-support.ts'
import { inProcessServer, inProcessSupport } from '../in-process-server.ts'
import type { RunningServer, TotalBackend } from '../server-backend.ts'
import { offerAppMessages } from './offer-app-messages.ts'
import { type StartedParts, type StartHost, startAsAnother, startAsSelf } from './start-in-order.ts'
import { type CrashWatch, watchForCrash } from './watch-for-crash.ts'

/** One process, the app in it: what Uvicorn is to Python. */
export const singleBackend: TotalBackend = {
  name: 'single',
  support: {
    ...launcherSupport,
    ...serveSupport,
    ...listenSupport,
    ...inProcessSupport,
    ...ownAccountSupport,
    app: honoured('loaded into this process'),
    args: honoured('process.argv of this process'),
    interface: honoured('decides how the app is called'),
    waitReady: honoured("process.send('ready') of the app"),
    shutdownWithMessage: honoured("the message 'shutdown' after the drain"),
    'timeouts.boot': honoured('loading the app is abandoned, if the event loop is not blocked'),
  },
  async start(plan, host): Promise<RunningServer> {
    const startedAt = new Date()
    // The arguments of a host stay its own, unless it has set some for the app.
    const args = plan.args ?? (host.ownsProcess ? [] : null)
    const shown = args && showArguments(plan.app, args)
    // In a process of a host, an exception may be the host's own.
    const crashWatch = host.ownsProcess ? watchForCrash() : null
    const messages = offerAppMessages(plan, host)
    const parts = await start(plan, {
      host: { ...host, saidReady: plan.waitReady ? (messages?.saidReady ?? null) : null },
      crashWatch,
    }).catch((error: unknown) => {
      shown?.[Symbol.dispose]()
      crashWatch?.[Symbol.dispose]()
      messages?.[Symbol.dispose]()
      throw error
    })
    return inProcessServer({
      ...parts,
      plan,
      host,
      startedAt,
      ...(crashWatch && { crashed: crashWatch.crashed }),
      onAnnounced: () => crashWatch?.[Symbol.dispose](),
      onStopped({ isDraining }) {
        crashWatch?.[Symbol.dispose]()
        shown?.[Symbol.dispose]()
        if (host.ownsProcess) return
        // The launcher can't let the app finish in a process that keeps running, but it notifies the app.
        if (plan.shutdownWithMessage && isDraining) process.emit('message', 'shutdown', undefined)
        messages?.[Symbol.dispose]()
      },
    })
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
