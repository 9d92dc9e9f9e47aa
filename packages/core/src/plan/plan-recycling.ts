import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { PlannedRecycling } from './launch-plan.ts'

/** What an unset jitter is, as a part of the limit that it belongs to. */
const usualJitter = 0.1

export function planRecycling(options: ResolvedOptions): PlannedRecycling {
  const maxRequests = options['recycle.maxRequests'].value
  const lifetimeMs = options['recycle.lifetime'].value
  return {
    maxRequests,
    maxRequestsJitter:
      options['recycle.maxRequestsJitter'].value ?? Math.round((maxRequests ?? 0) * usualJitter),
    lifetimeMs,
    lifetimeJitterMs: options['recycle.lifetimeJitter'].value ?? Math.round((lifetimeMs ?? 0) * usualJitter),
    maxRssBytes: options['recycle.memory'].value,
    maxHeapBytes: options['recycle.heap'].value,
  }
}
