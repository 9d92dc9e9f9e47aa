import type { RunningServer } from '../backends/server-backend.ts'
import { asLaunchError } from '../errors/as-launch-error.ts'
import { LaunchError } from '../errors/launch-error.ts'
import type { EventHub } from '../events/event-hub.ts'
import type { ReopenedLogs } from '../launch/launch-handle.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'
import { standardStream } from '../platform/system/line-writer.ts'
import type { Logger } from './logger.ts'

/** Makes every process of a server reopen its logs. Rejects with a `LaunchError` with the faults of all that can't. */
export async function reopenLogs({
  plan,
  server,
  log,
  events,
}: {
  plan: LaunchPlan
  server: RunningServer
  log: Logger
  events: Pick<EventHub, 'emit'>
}): Promise<ReopenedLogs> {
  const files = writtenLogs(plan)
  if (files.length > 0) {
    if (!server.reopenLogs)
      throw new LaunchError({
        code: 'LOCKSTEP_ERR_LOG_FILE',
        message: `This backend can't open ${files.join(' and ')} again.`,
        hint: 'Rotate the file with copytruncate, or restart the server.',
      })
    try {
      await server.reopenLogs()
    } catch (error) {
      const failure = asLaunchError(error)
      // A signal has no other answer.
      for (const { code, message, hint } of failure.faults) log.error(`${message} ${hint}`, { code })
      throw failure
    }
  }
  const workers = files.length === 0 ? [] : server.workers()
  const draining = workers.filter(({ state }) => state === 'draining').length
  const reopened = { files, processes: workers.length, draining }
  events.emit({ type: 'logs:reopened', ...reopened })
  return reopened
}

/** The logs that are written to files, and so can be opened again. */
export function writtenLogs({ accessLog, https }: LaunchPlan): string[] {
  return [accessLog?.file, https.keylogFile].filter(
    (file): file is string => typeof file === 'string' && standardStream(file) === null,
  )
}
