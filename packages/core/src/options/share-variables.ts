import type { Environment } from './read-environment.ts'
import { variableName } from './variable-name.ts'

/**
 * Gives the app what the environment file holds, as `node --env-file` does: variables that are set already stay as they are.
 * Our own secrets are left out. For the command line, which owns its process; `launch()` leaves the environment alone.
 */
export function shareVariables(variables: Environment): void {
  for (const [name, value] of Object.entries(variables)) {
    if (name !== variableName('tls.passphrase')) process.env[name] ??= value
  }
}
