import type { RunningServer, StopUrgency } from './backends/server-backend.ts'
import type { Lifecycle } from './lifecycle/lifecycle.ts'

const urgencies: readonly StopUrgency[] = ['graceful', 'hurry', 'kill']

/** The ways to end a launch. Each settles when the server has stopped. */
export interface Stopping {
  /** An intent: the first stops, the second hurries, every further one kills. */
  escalate(): Promise<void>
  /** Stops as gracefully as may be; changes nothing about a stop that is under way. */
  stop(): Promise<void>
  /** As the second intent, or the one after those that came already. */
  force(): Promise<void>
}

export function stopByUrgency({
  server,
  lifecycle,
  stopped,
  beforeStop,
  onStop,
}: {
  server: RunningServer
  lifecycle: Lifecycle
  stopped: Promise<unknown>
  /** What a stop waits for before anything of it happens. */
  beforeStop: (urgency: StopUrgency) => Promise<void> | null
  /** Called each time when it becomes more urgent. */
  onStop: (urgency: StopUrgency) => void
}): Stopping {
  let level = -1
  const raise = async (to: number): Promise<void> => {
    const { does } = lifecycle.take('stop')
    if (does !== 'nothing' && to > level) {
      level = Math.min(to, urgencies.length - 1)
      const urgency = urgencies[level] as StopUrgency
      onStop(urgency)
      const before = beforeStop(urgency)
      // In this very turn if there is nothing to wait for: an answer that comes next shall say that the connection ends.
      if (before !== null) await before
      // Somebody may have been in more of a hurry meanwhile.
      if (urgency === urgencies[level]) await server.stop({ urgency })
    }
    await stopped
  }
  return {
    escalate: () => raise(level + 1),
    stop: () => raise(Math.max(level, 0)),
    force: () => raise(Math.max(level + 1, 1)),
  }
}
