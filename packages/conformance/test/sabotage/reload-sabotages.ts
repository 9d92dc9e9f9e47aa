import { randomBytes } from 'node:crypto'
import {
  launch as honestLaunch,
  type LaunchContext,
  type LaunchHandle,
  type LockstepConfig,
  type ServerBackend,
} from '@lockstep/core'
import { clusterBackend, type PlannedTls } from '@lockstep/core/backend'

type BentReload = (tls: PlannedTls, started: PlannedTls) => PlannedTls | null

/** What a faulty backend does when it gets a new snapshot, each with a case that must notice it. `null` means that it does nothing. */
export const reloadSabotages = {
  'goes on as before': { bend: () => null, caughtBy: 'tls/reload/new-connections-meet-the-new-leaf' },
  'takes the certificate and resets the policy': {
    bend: (tls) => ({ ...tls, minVersion: 'TLSv1.2', clientAuth: 'none' }),
    caughtBy: 'tls/reload/keeps-the-policy',
  },
  'draws ticket keys of its own': {
    bend: (tls) => ({ ...tls, ticketKeys: randomBytes(48) }),
    caughtBy: 'tls/resumption/across-a-reload',
  },
  'keeps the ticket keys whatever has changed': {
    bend: (tls, started) => ({ ...tls, ticketKeys: started.ticketKeys }),
    caughtBy: 'tls/resumption/ends-when-trust-changes',
  },
} as const satisfies Readonly<Record<string, { readonly bend: BentReload; readonly caughtBy: string }>>

/** A launcher whose cluster does that. Its own verification is off, so that the suite has to notice the fault. */
export function launchWith(bend: BentReload) {
  const backend: ServerBackend = {
    ...clusterBackend,
    async start(plan, host) {
      const server = await clusterBackend.start(plan, host)
      return {
        ...server,
        async applyTls(tls) {
          const bent = plan.tls && bend(tls, plan.tls)
          if (bent) await server.applyTls(bent)
        },
      }
    },
  }
  return (options: LockstepConfig, context: LaunchContext): Promise<LaunchHandle> =>
    honestLaunch({ verify: false, ...options, backend }, context)
}
