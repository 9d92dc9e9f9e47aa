/** A worker that served this long was no failure of the app's start, whatever ended it. */
const steadyMs = 10_000
const firstDelayMs = 100
const longestDelayMs = 30_000

export interface WorkerDeath {
  readonly wasReady: boolean
  /** From the fork to the end. */
  readonly aliveMs: number
  /** How many deaths in a row this place had that were early, before this one. */
  readonly earlyDeaths: number
}

export interface RestartDecision {
  readonly delayMs: number
  readonly earlyDeaths: number
}

/**
 * When to fill the place of a dead worker. The first death is made good at once; early ones in a row wait twice as long each
 * time. There is no count after which healthy workers would be stopped too.
 */
export function decideRestart({ wasReady, aliveMs, earlyDeaths }: WorkerDeath): RestartDecision {
  if (wasReady && aliveMs >= steadyMs) return { delayMs: 0, earlyDeaths: 0 }
  const delayMs =
    earlyDeaths === 0 && wasReady
      ? 0
      : Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(earlyDeaths, 20))
  return { delayMs, earlyDeaths: earlyDeaths + 1 }
}
