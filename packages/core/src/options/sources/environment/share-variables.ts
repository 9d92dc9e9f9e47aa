import type { LauncherBrand } from '../../launcher-brand.ts'
import type { Environment } from './read-environment.ts'
import { deleteSecretVariables, isSecretVariable, secretVariablesOf } from './secret-variables.ts'

/**
 * Sets the variables of the environment file for the app, as `node --env-file` does: variables that are set already keep their values.
 * Secrets of the launch are left out, and are deleted from this process, which has read them: under `single` the app runs in it and must
 * see no more than in a worker. For the command line, which owns its process; `launch()` leaves the environment alone.
 */
export function shareVariables(variables: Environment, brand?: LauncherBrand): void {
  for (const name of sharedVariables(variables, { environment: process.env, brand }))
    process.env[name] = variables[name]
  deleteSecretVariables(process.env, secretVariablesOf(brand))
}

/** Names of the variables that the app gets from an environment file, beside those of an environment. */
export function sharedVariables(
  variables: Environment,
  { environment, brand }: { environment: Environment; brand: LauncherBrand | undefined },
): readonly string[] {
  const secrets = secretVariablesOf(brand)
  return Object.keys(variables).filter(
    (name) => !isSecretVariable(name, { secrets }) && environment[name] === undefined,
  )
}
