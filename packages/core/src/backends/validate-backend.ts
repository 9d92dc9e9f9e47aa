import { LaunchError } from '../errors/launch-error.ts'
import { isSupportAnswer } from '../plan/option-support.ts'
import type { BackendApiVersion, BackendFeature, ServerBackend } from './server-backend.ts'

const apiVersion: BackendApiVersion = 1

/** The compiler checks that none is missing. */
const features = {
  processes: true,
  revival: true,
  'accept-watch': true,
  'client-certificates': true,
} as const satisfies Record<BackendFeature, true>

/**
 * The compiler has checked a backend that was written in TypeScript; one that was written in JavaScript, or for another version, is
 * checked here. `what` names it at the start of a sentence. Throws `LOCKSTEP_ERR_BACKEND_VERSION` or `LOCKSTEP_ERR_BACKEND_INVALID`.
 */
export function validateBackend(given: unknown, what: string): ServerBackend {
  const backend = given as Partial<ServerBackend> | null | undefined
  // The other parts may have another form in another version.
  checkVersion(backend?.apiVersion, what)
  const support: unknown = backend?.support
  const missing = [
    ...(typeof backend?.name === 'string' ? [] : ['name']),
    ...(typeof backend?.start === 'function' ? [] : ['start()']),
    ...(typeof support === 'object' && support !== null
      ? Object.entries(support)
          .filter(([, answer]) => !isAnswer(answer))
          .map(([name]) => `an answer of honoured() or refused() in support["${name}"]`)
      : ['support']),
    ...(isListOfFeatures(backend?.lacks)
      ? []
      : [`in lacks only names of features (${Object.keys(features).join(', ')})`]),
  ]
  if (missing.length === 0) return given as ServerBackend
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_BACKEND_INVALID',
    message: `${what} is not a ServerBackend: it lacks ${missing.slice(0, 6).join(', ')}${missing.length > 6 ? ` and ${missing.length - 6} more` : ''}.`,
    hint: 'A backend has a name, start(), and in support an answer for each option that it honours. See docs/writing-a-backend.md.',
  })
}

/** A backend without a version was written before there was another one than the first. */
function checkVersion(version: unknown = 1, what: string): void {
  if (version === apiVersion) return
  const isNewer = typeof version === 'number' && version > apiVersion
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_BACKEND_VERSION',
    message: `${what} was written for version ${String(version)} of the interface of backends, and this Lockstep has version ${apiVersion}.`,
    hint: isNewer
      ? 'Update Lockstep, or install an older version of the backend.'
      : 'Install a newer version of the backend. Its author finds the changes in docs/writing-a-backend.md.',
  })
}

function isListOfFeatures(lacks: unknown = []): boolean {
  return Array.isArray(lacks) && lacks.every((name) => Object.hasOwn(features, String(name)))
}

/** A function is asked later, with the value of the option. */
function isAnswer(answer: unknown): boolean {
  return answer === undefined || typeof answer === 'function' || isSupportAnswer(answer)
}
