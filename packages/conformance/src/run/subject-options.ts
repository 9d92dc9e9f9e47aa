import type { LockstepConfig } from '@lockstep/core'
import type { SubjectRuntime } from '../subject/subject-runtime.ts'

/** Names the files of this machine as the subject's platform does, wherever they are in the options. */
export function onRuntime(
  { health, upstream, ...options }: LockstepConfig,
  runtime: SubjectRuntime,
): LockstepConfig {
  const files = translate(options, runtime) as LockstepConfig
  // The paths of a URL are the same everywhere.
  return { ...files, ...(health && { health }), ...(upstream && { upstream }) }
}

function translate(value: unknown, runtime: SubjectRuntime): unknown {
  if (typeof value === 'string') return value.startsWith('/') ? runtime.path(value) : value
  if (Array.isArray(value)) return value.map((one) => translate(one, runtime))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, translate(one, runtime)]))
}
