/** A worker that served this long was no failure of the app's start, whatever ended it. */
export const steadyMs = 10_000
const firstDelayMs = 100
const longestDelayMs = 30_000
/** A delay is up to this part shorter: places that died together do not come back together. */
const jitter = 0.2
/** How many failures in a row a place may have before the server counts as degraded. */
export const failureBudget = 5

export interface WorkerDeath {
  readonly wasReady: boolean
  /** From the fork to the end. */
  readonly aliveMs: number
  /** How many deaths in a row this place had that were early, before this one. */
  readonly earlyDeaths: number
  /** From 0 to 1. */
  readonly random: number
}

export interface RestartDecision {
  readonly delayMs: number
  readonly earlyDeaths: number
  /** The budget of failures in a row is used up. */
  readonly isDegraded: boolean
}

/**
 * When to fill the place of a dead worker. The first death is made good at once; early ones in a row wait twice as long each
 * time. There is no count after which healthy workers would be stopped too, or after which the place would be given up.
 */
export function decideRestart({ wasReady, aliveMs, earlyDeaths, random }: WorkerDeath): RestartDecision {
  if (wasReady && aliveMs >= steadyMs) return { delayMs: 0, earlyDeaths: 0, isDegraded: false }
  const longest =
    earlyDeaths === 0 && wasReady
      ? 0
      : Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(earlyDeaths, 20))
  return {
    delayMs: Math.round(longest * (1 - jitter * random)),
    earlyDeaths: earlyDeaths + 1,
    isDegraded: earlyDeaths + 1 >= failureBudget,
  }
}
