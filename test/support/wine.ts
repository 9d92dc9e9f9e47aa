import { afterAll, beforeAll } from 'vitest'
import { ensureWine, type Wine } from '../../scripts/wine/set-up-wine.mjs'
import { openWineRuntime, type WineRuntime } from '../../scripts/wine/wine-runtime.mjs'

/** It takes a minute and 1.7 GB the first time, so it is optional. `.ci/run` switches it on. */
export const wine: Wine =
  process.env['TEST_WINE'] === '1' ? await ensureWine() : { ready: false, reason: 'TEST_WINE is not 1' }

/** The text in a title when its tests are skipped. */
export const withoutWine = wine.ready ? '' : ` (skipped, because ${wine.reason})`

/** A start takes 3 to 5 s there, and several times as long on a busy machine. */
export const wineTimeoutMs = 300_000

/** Makes the tests of a `describe` run under Wine. Returns a function that returns the runtime while they run. */
export function useWineRuntime({ openMs }: { openMs?: number } = {}): () => WineRuntime {
  let runtime: WineRuntime | undefined
  beforeAll(async () => {
    if (wine.ready) runtime = await openWineRuntime(wine)
  }, openMs)
  afterAll(async () => {
    await runtime?.[Symbol.asyncDispose]()
  })
  return () => {
    if (!runtime) throw new TypeError('the runtime is open while the tests run')
    return runtime
  }
}
