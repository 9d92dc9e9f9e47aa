import { clusterBackend } from '../backends/cluster/cluster-backend.ts'
import type { ServerBackend } from '../backends/server-backend.ts'
import { singleBackend } from '../backends/single/single-backend.ts'

/** Backends that can be named. A function loads its backend when it is chosen. */
export type KnownBackends = Readonly<Record<string, ServerBackend | (() => Promise<ServerBackend>)>>

const builtIn: KnownBackends = { single: singleBackend, cluster: clusterBackend }

/** A backend by its name: a built-in one, or one of those that were handed in. `undefined`: none has that name. */
export async function knownBackend(name: string, others: KnownBackends): Promise<ServerBackend | undefined> {
  const found = Object.hasOwn(builtIn, name)
    ? builtIn[name]
    : Object.hasOwn(others, name)
      ? others[name]
      : undefined
  return typeof found === 'function' ? found() : found
}

export function namesOfKnown(others: KnownBackends): string[] {
  return [...Object.keys(builtIn), ...Object.keys(others)]
}
