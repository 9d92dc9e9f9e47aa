import {
  launch as honestLaunch,
  type LaunchContext,
  type LaunchHandle,
  type LockstepConfig,
  type ServerBackend,
} from '@lockstep/core'
import { backendNamed } from './backend-named.ts'
import type { Sabotage } from './sabotages.ts'

/**
 * A launcher that sabotages one option. Its own verification is off, so that the suite has to notice the fault, unless verification itself is
 * sabotaged.
 */
export function sabotagedLaunch({ options: bendOptions = (options) => options, plan, backend }: Sabotage) {
  return async (options: LockstepConfig, context: LaunchContext): Promise<LaunchHandle> => {
    const spoilt = bendOptions({ verify: false, ...options })
    const { backend: asked } = spoilt
    const base = asked === 'single' || asked === 'cluster' || asked === 'command' ? asked : backend
    return honestLaunch(
      plan ? { ...spoilt, backend: bentBackend(await backendNamed(base), plan) } : spoilt,
      context,
    )
  }
}

function bentBackend(inner: ServerBackend, bend: NonNullable<Sabotage['plan']>): ServerBackend {
  return { ...inner, start: async (plan, host) => inner.start(await bend(plan), host) }
}
