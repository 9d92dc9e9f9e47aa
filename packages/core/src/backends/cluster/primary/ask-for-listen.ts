import { type ListenOfApp, listenOfApp, planWithListen } from '../../../app/listen/address-of-app.ts'
import type { AskedListen } from '../../../app/listen/asked-listen.ts'
import type { LaunchPlan } from '../../../plan/launch-plan.ts'
import { limitsOfWorker } from '../policy/recycle-policy.ts'
import { workerSurroundings } from '../wire/worker-surroundings.ts'
import { WorkerHandle } from './worker-handle.ts'

/** An app that boots for longer is not waited for: nothing is to be served. */
const longestBootMs = 15_000

/**
 * Boots the app of a plan in a process of its own until it exports an app or listens, and ends the process. Resolves with where it listens by
 * itself; `null`: it does not, or the user has set the address. Nothing is bound. Rejects with the `LaunchError` of a boot that fails.
 * The app runs as the user of the plan: only because another user runs it may that user own its files.
 */
export async function askForListen(plan: LaunchPlan): Promise<ListenOfApp | null> {
  const isSet = (option: 'bind' | 'host' | 'port'): boolean => plan.userSetAddress.includes(option)
  if (plan.app.kind !== 'module' || isSet('bind') || (isSet('host') && isSet('port'))) return null
  let asked: AskedListen | null = null
  const bootMs = Math.min(plan.timeouts.bootMs, longestBootMs)
  const nothing = (): void => undefined
  const worker = new WorkerHandle({
    id: 1,
    restarts: 0,
    plan: {
      ...plan,
      isRehearsal: true,
      ...{ workers: 1, waitReady: false, accessLog: null },
      timeouts: { ...plan.timeouts, bootMs },
      https: { ...plan.https, keylogFile: null },
      log: { ...plan.log, level: 'error' },
    },
    surroundings: workerSurroundings(plan),
    seat: null,
    addresses: null,
    limits: limitsOfWorker(plan.recycling, 0),
    judgeListen(listen) {
      asked = listen
      return null
    },
    openAppPort: async () => ({ code: 'EACCES' }),
    onDue: nothing,
    onLost: nothing,
    onFault: nothing,
    onAppMessage: nothing,
    onOutput: nothing,
    onClientRefused: nothing,
    redirectionOf: () => null,
  })
  try {
    await worker.ready
    return asked && listenOfApp(planWithListen(plan, asked, plan.app.file), asked)
  } finally {
    worker.kill()
    await worker.ended
  }
}
