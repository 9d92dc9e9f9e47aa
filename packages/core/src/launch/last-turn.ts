import type { AppSignals, StopSignal } from '../app/app-signals.ts'
import { endApp } from '../app/end-app.ts'
import type { StopUrgency } from '../backends/server-backend.ts'
import type { Logger } from '../log/logger.ts'
import type { LaunchPlan } from '../plan/launch-plan.ts'

/** What an app has when a stop hurries. */
const hurryMs = 1_000

/** The last turn of an app that shares the launcher's process, whichever backend has loaded it. */
export interface LastTurn {
  /** To be called whenever the backend gets a stop, or a more urgent one. */
  follow(stop: { readonly urgency: StopUrgency; readonly signal: StopSignal }): void
  /** To be called when the backend has stopped. Resolves when the app is over, or has no more time. */
  take(): Promise<void>
}

export function createLastTurn({
  appSignals,
  plan: { timeouts, shutdownWithMessage },
  log,
}: {
  appSignals: AppSignals | undefined
  plan: Pick<LaunchPlan, 'timeouts' | 'shutdownWithMessage'>
  log: Logger
}): LastTurn {
  const hurry = new AbortController()
  let stop: { readonly signal: StopSignal; readonly drainMs: number } | undefined
  return {
    follow({ urgency, signal }) {
      stop ??= { signal, drainMs: performance.now() + timeouts.drainDelayMs }
      if (urgency === 'hurry') setTimeout(() => hurry.abort(), hurryMs).unref()
      if (urgency === 'kill') hurry.abort()
    },
    async take() {
      // A server that has stopped by itself was sent no signal.
      if (!appSignals || !stop) return
      const { signal, drainMs } = stop
      const leftMs = Math.min(timeouts.gracefulMs, timeouts.gracefulMs - (performance.now() - drainMs))
      await endApp(appSignals, {
        message: shutdownWithMessage ? 'shutdown' : null,
        signal,
        leftMs,
        hurry: hurry.signal,
        log,
      })
    },
  }
}
