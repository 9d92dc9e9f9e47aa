import type { Environment } from './read-environment.ts'
import { variableName } from './variable-name.ts'

/**
 * Gives the app what the environment file holds, as `node --env-file` does: variables that are set already stay as they are.
 * Our own secrets are left out, and taken out of this process once they have been read: under `single` the app runs in it, and
 * shall see no more than in a worker. For the command line, which owns its process; `launch()` leaves the environment alone.
 */
export function shareVariables(variables: Environment): void {
  const secret = variableName('tls.passphrase')
  for (const [name, value] of Object.entries(variables)) {
    if (name !== secret) process.env[name] ??= value
  }
  delete process.env[secret]
}
