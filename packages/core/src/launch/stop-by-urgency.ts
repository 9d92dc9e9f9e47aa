import { type StopSignal, stopSignals } from '../app/app-signals.ts'
import type { StopUrgency } from '../backends/server-backend.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'

const urgencies: readonly StopUrgency[] = ['graceful', 'hurry', 'kill']

/** The ways to end a launch. Each settles when the server has stopped. */
export interface Stopping {
  /** An intent: the first stops, the second hurries, every further one kills. */
  escalate(options?: { readonly signal?: NodeJS.Signals }): Promise<void>
  /** Stops as gracefully as may be; changes nothing about a stop that is under way. */
  stop(): Promise<void>
  /** As the second intent, or the one after those that came already. */
  force(): Promise<void>
}

export function stopByUrgency({
  stopServer,
  lifecycle,
  stopped,
  beforeStop,
  onStop,
}: {
  stopServer: (options: { readonly urgency: StopUrgency; readonly signal: StopSignal }) => Promise<void>
  lifecycle: Lifecycle
  stopped: Promise<unknown>
  /** What a stop waits for before anything of it happens. */
  beforeStop: (urgency: StopUrgency) => Promise<void> | null
  /** Called each time when it becomes more urgent. */
  onStop: (urgency: StopUrgency) => void
}): Stopping {
  let level = -1
  /** What stops the server is what came first. */
  let signal: StopSignal | undefined
  /** The last call of the backend. One that fails must not leave later callers waiting. */
  let ending: Promise<void> = Promise.resolve()
  const proceed = async (urgency: StopUrgency): Promise<void> => {
    onStop(urgency)
    const before = beforeStop(urgency)
    // In this very turn if there is nothing to wait for: an answer that comes next has to say that the connection ends.
    if (before !== null) await before
    // A later call may have been more urgent meanwhile.
    if (urgency === urgencies[level]) await stopServer({ urgency, signal: signal ?? 'SIGTERM' })
  }
  const raise = async (to: number): Promise<void> => {
    const { does } = lifecycle.take('stop')
    if (does !== 'nothing' && to > level) {
      level = Math.min(to, urgencies.length - 1)
      ending = proceed(urgencies[level] as StopUrgency)
    }
    await Promise.race([stopped, ending.then(() => stopped)])
  }
  return {
    escalate(options = {}) {
      signal ??= stopSignals.find((known) => known === options.signal) ?? 'SIGTERM'
      return raise(level + 1)
    },
    stop: () => raise(Math.max(level, 0)),
    force: () => raise(Math.max(level + 1, 1)),
  }
}
