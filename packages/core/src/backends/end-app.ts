import type { AppSignals, StopSignal } from '../app/app-signals.ts'
import type { Logger } from '../platform/logger.ts'

/** What the app's listeners have in any case, also when its requests have used the deadline up. */
const leastMs = 250

/**
 * Gives the app its last turn, after the drain: its own listeners for the signal that stops the server. Resolves when they are
 * over; the process may end before that, which is what most of them do.
 */
export async function endApp(
  appSignals: AppSignals,
  { signal, leftMs, log }: { signal: StopSignal; leftMs: number; log: Logger },
): Promise<void> {
  const how = await appSignals.end({
    signal,
    leftMs: Math.max(leastMs, leftMs),
    onFailure: (error) =>
      log.error(`the app failed in its listener for ${signal}`, {
        stack: error instanceof Error ? error.stack : String(error),
      }),
  })
  if (how === 'late') log.warn(`the app did not end in time after ${signal}`)
}
