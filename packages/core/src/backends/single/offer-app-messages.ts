import { type AppMessages, offerMessages } from '../../app/app-messages.ts'
import type { LaunchPlan } from '../../plan/launch-plan.ts'
import type { BackendHost } from '../server-backend.ts'

/**
 * Provides the app of one process with what it has in a worker: `process.send()`. A host that has its own parent to send to keeps its
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
    onMessage: (message) => host.emit({ type: 'message:received', worker: 1, pid: process.pid, message }),
  })
}
