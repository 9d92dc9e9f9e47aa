import {
  nssQueryCommand,
  nssTrustCommand,
  systemTrustCommands,
  type TrustAction,
  type TrustCommand,
  type TrustedRoot,
} from '@lockstep/certs'
import type { TrustStores } from '@lockstep/core/internal'

/** The commands for all stores of this machine. Those that need an administrator begin with sudo or the like. */
export async function planTrust(
  action: TrustAction,
  {
    stores: { system, nssDatabases, hasNssTool, elevation },
    trusted,
    ask,
  }: {
    stores: TrustStores
    trusted: TrustedRoot
    /** Runs a command that changes nothing. Returns why it failed, or `null`. */
    ask: (query: TrustCommand) => Promise<string | null>
  },
): Promise<{ system: readonly TrustCommand[]; nss: readonly TrustCommand[] }> {
  const databases = hasNssTool ? nssDatabases : []
  const known = await Promise.all(
    databases.map(async (database) => (await ask(nssQueryCommand(database, trusted))) === null),
  )
  return {
    system: system === null ? [] : systemTrustCommands(system, { action, trusted }).map(elevated(elevation)),
    nss: databases
      .filter((_, index) => known[index] === (action === 'untrust'))
      .map((database) => nssTrustCommand(database, { action, trusted })),
  }
}

function elevated([sudo, ...others]: readonly string[]): (command: TrustCommand) => TrustCommand {
  return (command) =>
    command.asRoot && sudo !== undefined
      ? { ...command, program: sudo, args: [...others, command.program, ...command.args] }
      : command
}
