import type { PlannedReplacement } from '../../plan/launch-plan.ts'
import type { ReplacementCause } from '../server-backend.ts'
import type { Place } from './place.ts'
import type { PlacedWorker } from './placed-worker.ts'

/**
 * Replaces the workers of places, some at a time. In each wave, new workers start beside as many as `maxSurge` of those that serve,
 * and as replacements of up to `maxUnavailable` others, which drain at once. Only when all of a wave are ready does any of them take over:
 * when one fails, the others of the wave are given up, the workers that serve stay, and it rejects with that error.
 */
export async function replaceInWaves<Worker extends PlacedWorker>(
  places: readonly Place<Worker>[],
  { mode, maxSurge, maxUnavailable, cause }: PlannedReplacement & { readonly cause: ReplacementCause },
): Promise<number> {
  if (mode === 'restart') return restartInTurn(places, cause)
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

/**
 * Ends the worker of a place before the next one starts, place by place: for a program that can't run twice. When the next one fails, its place
 * goes on trying, and it rejects with that error.
 */
async function restartInTurn<Worker extends PlacedWorker>(
  places: readonly Place<Worker>[],
  cause: ReplacementCause,
): Promise<number> {
  let replaced = 0
  for (const place of places) {
    const old = place.current
    place.vacate()
    await old?.ended
    await place.prepareNext()
    if (await place.takeNext(cause)) replaced += 1
  }
  return replaced
}
