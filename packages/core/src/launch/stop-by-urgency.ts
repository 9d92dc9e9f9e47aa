import { type StopSignal, stopSignals } from '../app/app-signals.ts'
import type { StopUrgency } from '../backends/server-backend.ts'
import { LaunchError } from '../errors/launch-error.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'

/** From the least urgent to the most. */
const urgencies: readonly StopUrgency[] = ['graceful', 'hurry', 'kill']

export interface StopOptions {
  /** How urgent; `graceful` if unset. A call that is less urgent than an earlier one changes nothing. */
  readonly urgency?: StopUrgency
  /** The older form: one step more urgent than the calls before, and at least `hurry`. */
  readonly force?: boolean
}

/** The ways to end a launch. Each settles when the server has stopped. */
export interface Stopping {
  /** An intent: the first stops, the second hurries, every further one kills. */
  escalate(options?: { readonly signal?: NodeJS.Signals }): Promise<void>
  /** Rejects with `LOCKSTEP_ERR_OPTION_INVALID` for an urgency that does not exist. */
  stop(options?: StopOptions): Promise<void>
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
    async stop({ urgency = 'graceful', force = false } = {}) {
      await raise(Math.max(level, rankOf(urgency), force ? Math.max(level + 1, 1) : 0))
    },
  }
}

function rankOf(urgency: StopUrgency): number {
  const rank = urgencies.indexOf(urgency)
  if (rank >= 0) return rank
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `The urgency of stop() must be one of ${urgencies.join(', ')}; found ${JSON.stringify(urgency)}.`,
    hint: 'Leave it out to stop gracefully.',
  })
}
