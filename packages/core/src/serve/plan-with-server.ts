import type { BroughtServer } from '../app/contract/brought-server.ts'
import { judgeSettings, withAppValues } from '../app/contract/judge-settings.ts'
import { throwFaults } from '../errors/launch-error.ts'
import type { Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'

/** A plan with the values that the server of the app sets. Throws a `LaunchError` for each setting that can't be honoured. */
export function planWithServer(
  plan: LaunchPlan,
  { brought, log, worker }: { brought: BroughtServer; log: Logger; worker: number | null },
): LaunchPlan {
  const where = plan.app.kind === 'module' ? plan.app.file : 'the app'
  const { faults, values, applied, overridden } = judgeSettings(brought.settings, { plan, where })
  throwFaults(faults)
  // Not news to a user: it is what the framework or the app has always done.
  if (Object.keys(applied).length > 0) log.debug('settings of the server of the app are used', applied)
  // Once is enough: all workers load the same app.
  const tell = worker === null || worker === 1 ? log.info : log.debug
  if (overridden.length > 0)
    tell('settings of the server of the app are overridden by options', { settings: overridden.join(', ') })
  return withAppValues(plan, values)
}
