import type { ResolvedOptions } from '../../resolve-options.ts'

/**
 * With an app in memory, which one process serves, WEB_CONCURRENCY has no effect: a platform sets it for every program that it runs, and not
 * as a wish for this server. A number of workers that is meant for this server, such as LOCKSTEP_WORKERS, is refused as ever.
 */
export function withoutAmbientWorkers(options: ResolvedOptions): ResolvedOptions {
  const { app, workers } = options
  const isInMemory = app.value !== null && typeof app.value !== 'string'
  if (!isInMemory || workers.source.isAmbient !== true) return options
  const label = `the default: ${workers.source.label} is not for an app in memory`
  return { ...options, workers: { value: 1, source: { ...workers.source, kind: 'default', label } } }
}
