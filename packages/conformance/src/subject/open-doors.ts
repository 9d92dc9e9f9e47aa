import { commandDoor } from './command-door.ts'
import type { Door } from './door.ts'
import { processDoor } from './process-door.ts'

export interface DoorWays {
  /** URL of a module whose `externalBackends` can be named, beside the built-in ones. */
  readonly backends?: string | undefined
  /** URL of the module whose `launch()` is called; unset, that of `@lockstep/core`. */
  readonly launcher?: string | null | undefined
  /** The script that Node starts for `lockstep`; unset, there is no such door. */
  readonly command?: string | undefined
}

/** The doors that a subject has. */
export function doorsOf({ launcher = null, backends, command }: DoorWays): Door[] {
  return [
    processDoor('backend', { launcher, backends: backends ?? null }),
    processDoor('launch', { launcher, backends: backends ?? null }),
    ...(command === undefined ? [] : [commandDoor({ script: command })]),
  ]
}
