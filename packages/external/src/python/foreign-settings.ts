import { type Fault, LaunchError } from '@lockstep/core/internal'
import type { PythonProgram } from './python-program.ts'

/** Why a server's own setting is refused, and what to set instead. Without an entry, a setting is the server's own business. */
export type ForeignSettings = Readonly<Record<string, string>>

/**
 * Refuses settings that come from the server's own configuration file or variables, where Lockstep sets the same thing or where TLS and addresses would
 * no longer be those of the front. A flag of Lockstep would win over them in silence. Throws a `LaunchError` with a fault for each.
 */
export function refuseForeignSettings(
  { server, settings }: PythonProgram,
  { refused, shown }: { refused: ForeignSettings; shown: (setting: string) => string },
): void {
  const faults = settings.flatMap((setting): Fault[] => {
    const cure = refused[setting]
    if (cure === undefined) return []
    return [
      {
        code: 'LOCKSTEP_ERR_OPTION_REFUSED',
        message: `The backend ${server} cannot honour ${shown(setting)}: Lockstep serves in front of ${server}, and sets or replaces this.`,
        hint: cure,
        source: shown(setting),
      },
    ]
  })
  const [first, ...others] = faults
  if (first) throw new LaunchError([first, ...others])
}
