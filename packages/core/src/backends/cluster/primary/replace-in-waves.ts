import type { ReplacementCause } from '../../server-backend.ts'
import type { Place } from './place.ts'

/**
 * Replaces the workers of places, some at a time. In each wave, new workers start beside as many as `maxSurge` of those that serve,
 * and as replacements of up to `maxUnavailable` others, which drain at once. Only when all of a wave are ready does any of them take over:
 * when one fails, the others of the wave are given up, the workers that serve stay, and it rejects with that error.
 */
export async function replaceInWaves(
  places: readonly Place[],
  { maxSurge, maxUnavailable, cause }: { maxSurge: number; maxUnavailable: number; cause: ReplacementCause },
): Promise<number> {
  let replaced = 0
  for (let start = 0; start < places.length; start += maxSurge + maxUnavailable) {
    const wave = places.slice(start, start + maxSurge + maxUnavailable)
    for (const place of wave.slice(0, maxUnavailable)) place.vacate()
    const prepared = await Promise.allSettled(wave.map((place) => place.prepareNext()))
    const failure = prepared.find((outcome) => outcome.status === 'rejected')
    if (failure) {
      for (const place of wave) place.abandonNext()
      throw failure.reason
    }
    const taken = await Promise.all(wave.map((place) => place.takeNext(cause)))
    replaced += taken.filter(Boolean).length
  }
  return replaced
}
