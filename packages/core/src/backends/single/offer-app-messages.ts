import { type AppMessages, offerMessages } from '../../app/app-messages.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import type { BackendHost } from '../server-backend.ts'

/**
 * Gives the app of one process what it has in a worker: `process.send()`. A host that has a parent of its own to send to keeps its
 * `process.send()` to itself, unless the launch waits for the app to say something by it.
 */
export function offerAppMessages(
  plan: LaunchPlan,
  host: Pick<BackendHost, 'ownsProcess' | 'emit'>,
): AppMessages | null {
  const hasParent = typeof process.send === 'function'
  const isForApp = plan.app.kind === 'module' && !hasParent
  if (!host.ownsProcess && !plan.waitReady && !isForApp) return null
  return offerMessages({
    parent: hasParent ? 'other' : null,
    onMessage: (message) => host.emit({ type: 'worker:message', worker: 1, pid: process.pid, message }),
  })
}
