import type { LauncherBrand } from '../../launcher-brand.ts'
import type { Environment } from './read-environment.ts'
import { deleteSecretVariables, isSecretVariable, secretVariablesOf } from './secret-variables.ts'

/**
 * Sets the variables of the environment file for the app, as `node --env-file` does: variables that are set already keep their values.
 * Secrets of the launch are left out, and are deleted from this process, which has read them: under `single` the app runs in it and must
 * see no more than in a worker. For the command line, which owns its process; `launch()` leaves the environment alone.
 */
export function shareVariables(variables: Environment, brand?: LauncherBrand): void {
  const secrets = secretVariablesOf(brand)
  for (const [name, value] of Object.entries(variables)) {
    if (!isSecretVariable(name, { secrets })) process.env[name] ??= value
  }
  deleteSecretVariables(process.env, secrets)
}
