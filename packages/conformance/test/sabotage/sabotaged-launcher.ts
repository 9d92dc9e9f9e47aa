import {
  launch as honestLaunch,
  type LaunchContext,
  type LaunchHandle,
  type LockstepConfig,
  type ServerBackend,
} from '@lockstep/core'
import { clusterBackend, singleBackend } from '@lockstep/core/backend'
import type { Sabotage } from './sabotages.ts'

/**
 * A launcher that sabotages one option. Its own verification is off, so that the suite has to notice the fault, unless verification itself is
 * sabotaged.
 */
export function sabotagedLaunch({ options: bendOptions = (options) => options, plan, backend }: Sabotage) {
  return async (options: LockstepConfig, context: LaunchContext): Promise<LaunchHandle> => {
    const spoilt = bendOptions({ verify: false, ...options })
    const base = spoilt.backend === 'single' || spoilt.backend === 'cluster' ? spoilt.backend : backend
    return honestLaunch(plan ? { ...spoilt, backend: bentBackend(base, plan) } : spoilt, context)
  }
}

function bentBackend(name: Sabotage['backend'], bend: NonNullable<Sabotage['plan']>): ServerBackend {
  const inner = name === 'single' ? singleBackend : clusterBackend
  return { ...inner, start: async (plan, host) => inner.start(await bend(plan), host) }
}
