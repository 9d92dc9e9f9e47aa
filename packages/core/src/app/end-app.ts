import { stackOf } from '../errors/thrown.ts'
import type { Logger } from '../log/logger.ts'
import type { AppSignals, StopSignal } from './app-signals.ts'

/** What the app's listeners have in any case, also when its requests have used the deadline up. */
const leastMs = 250

/**
 * Lets the app finish in this process, after the drain: its own listeners for the signal that stops the server. Resolves
 * when they are over, or at the limit. The process may end before that, which is what most of them do.
 */
export async function endApp(
  appSignals: AppSignals,
  {
    message,
    signal,
    leftMs,
    hurry,
    log,
  }: {
    /** What the app is sent instead of the signal, if it listens to messages. */
    message: string | null
    signal: StopSignal
    /** Until the deadline of the drain. */
    leftMs: number
    /** Aborted when a more urgent stop ends it earlier. */
    hurry?: AbortSignal
    log: Logger
  },
): Promise<void> {
  const deadline = AbortSignal.timeout(Math.ceil(Math.max(leastMs, leftMs)))
  const how = await appSignals.end({
    message,
    signal,
    limit: hurry ? AbortSignal.any([deadline, hurry]) : deadline,
    onFailure: (error) =>
      log.error(`the app failed in its listener for ${message ?? signal}`, {
        stack: stackOf(error),
      }),
  })
  if (how === 'late') log.warn(`the app did not end in time after ${message ?? signal}`)
}
