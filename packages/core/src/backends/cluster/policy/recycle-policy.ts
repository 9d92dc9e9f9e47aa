import type { PlannedRecycling } from '../../../plan/launch-plan.ts'

/** How many samples in a row must be over the limit: a peak that garbage collection removes does not count. */
const samplesOver = 3

/** The limits of one worker. Workers that start together do not reach theirs together. */
export interface WorkerLimits {
  /** `null`: none. */
  readonly requests: number | null
  /** From the moment when it is ready; `null`: none. */
  readonly lifetimeMs: number | null
}

/** `random` is from 0 to 1. */
export function limitsOfWorker(recycling: PlannedRecycling, random: number): WorkerLimits {
  const { maxRequests, maxRequestsJitter, lifetimeMs, lifetimeJitterMs } = recycling
  return {
    requests: maxRequests === null ? null : maxRequests + Math.round(random * maxRequestsJitter),
    lifetimeMs: lifetimeMs === null ? null : lifetimeMs + Math.round(random * lifetimeJitterMs),
  }
}

/** In bytes, as `process.memoryUsage()` has it. */
export interface MemorySample {
  /** `null` where the system does not say, as without /proc. */
  readonly rssBytes: number | null
  readonly heapBytes: number
}

/** How many samples in a row, the given one included, are over a limit. */
export function countSamplesOver(
  before: number,
  { rssBytes, heapBytes }: MemorySample,
  { maxRssBytes, maxHeapBytes }: PlannedRecycling,
): number {
  const isOver = (bytes: number | null, limit: number | null): boolean =>
    limit !== null && bytes !== null && bytes > limit
  return isOver(rssBytes, maxRssBytes) || isOver(heapBytes, maxHeapBytes) ? before + 1 : 0
}

export function isOverForLong(samplesInARow: number): boolean {
  return samplesInARow >= samplesOver
}
