import type { BackendApiVersion, ServerBackend } from './server-backend.ts'
import { validateBackend } from './validate-backend.ts'

/** A backend as its author writes it: with the version of the interface that it was written for. */
export interface BackendDefinition extends ServerBackend {
  readonly apiVersion: BackendApiVersion
}

/**
 * Checks a backend and returns it, frozen. The types of all its parts are inferred.
 *
 * @param backend - Its `apiVersion` is the version of the interface that it was written for: a Lockstep with another one refuses it and
 *   says so.
 * @throws {LaunchError} `LOCKSTEP_ERR_BACKEND_VERSION` for another version, `LOCKSTEP_ERR_BACKEND_INVALID` when a part is missing.
 * @example
 * ```ts
 * import { defineBackend, inProcessSupport, launcherSupport, listenSupport, serveSupport, singleBackend } from 'lockstep/backend'
 *
 * export default defineBackend({
 *   apiVersion: 1,
 *   name: 'verbose',
 *   support: { ...singleBackend.support, ...launcherSupport, ...serveSupport, ...listenSupport, ...inProcessSupport },
 *   async start(plan, host) {
 *     host.log.info(`starts ${plan.workers} worker`)
 *     return singleBackend.start(plan, host)
 *   },
 * })
 * ```
 */
export function defineBackend(backend: BackendDefinition): ServerBackend {
  return Object.freeze({ ...validateBackend(backend, 'What defineBackend() was given') })
}
