import { unlessAborted } from '../../../platform/system/within.ts'

/** How long the code of a configuration file may take. */
export const mostMs = 30_000

/**
 * Rejects when the code of a configuration file never comes to an end. A promise that never settles keeps no process alive, which would end
 * with exit code 0. Rejects at once when the start is given up.
 */
export async function unlessEndless<Result>(loading: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  const endless = Promise.withResolvers<never>()
  const onIdle = (): void => endless.reject(new Error('its code waits for a promise that nothing settles'))
  process.once('beforeExit', onIdle)
  const late = setTimeout(
    () => endless.reject(new Error(`its code has not come to an end after ${mostMs / 1_000} s`)),
    mostMs,
  ).unref()
  try {
    return await unlessAborted(Promise.race([loading, endless.promise]), {
      signal,
      reason: () => new Error('the start was stopped while its code was loaded'),
    })
  } finally {
    clearTimeout(late)
    process.off('beforeExit', onIdle)
  }
}
