import type { ServerBackend } from '@lockstep/core'
import { clusterBackend, singleBackend } from '@lockstep/core/backend'
import { externalBackends } from '@lockstep/external'

/** A backend of this project. */
export async function backendNamed(name: string): Promise<ServerBackend> {
  if (name === 'single') return singleBackend
  if (name === 'cluster') return clusterBackend
  const known = externalBackends[name]
  if (known === undefined) throw new TypeError(`there is no backend ${name}`)
  return typeof known === 'function' ? known() : known
}
