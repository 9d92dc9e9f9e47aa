import type { ServerBackend } from '../backends/server-backend.ts'
import type { LockstepConfig } from '../options/lockstep-config.ts'
import { type OptionName, optionNames } from '../options/option-table.ts'
import { gatherOptions } from '../options/sources/gather-options.ts'
import { supportAnswers } from '../plan/check-support.ts'
import { planOfOptions } from '../plan/compose-plan.ts'

/**
 * Which of the options that are set a backend's own support table refuses on a platform. It only asks the table: no file is
 * read, nothing is bound or started.
 */
export async function declaredRefusals(
  options: LockstepConfig,
  { backend, platform = process.platform }: { backend: ServerBackend; platform?: NodeJS.Platform },
): Promise<readonly OptionName[]> {
  const { options: resolved } = await gatherOptions(
    { api: { ...options, backend } },
    { config: false, envFile: false, environment: false },
  )
  const answers = supportAnswers(resolved, backend, {
    platform,
    isWorkerThread: false,
    canReadMemory: true,
    plan: planOfOptions(resolved),
  })
  return optionNames.filter((name) => !answers[name].honoured && resolved[name].source.kind !== 'default')
}
