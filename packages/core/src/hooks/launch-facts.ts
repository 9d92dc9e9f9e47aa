import type { LaunchPlan } from '../plan/launch-plan.ts'
import type { LaunchFacts } from './launch-hooks.ts'

/** What a hook may know of a plan, which also holds keys. */
export function launchFacts(
  { name, workers, tls, addresses, app }: LaunchPlan,
  backend: string,
): LaunchFacts {
  return Object.freeze({
    name,
    backend,
    workers,
    scheme: tls ? 'https' : 'http',
    addresses,
    app: app.kind === 'module' ? app.file : null,
  })
}
