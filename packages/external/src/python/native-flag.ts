import type { LaunchPlan, PrivatePlace } from '@lockstep/core/internal'
import type { PythonProgram } from './python-program.ts'
import { isSince } from './versions.ts'

/** A flag of the server, and when it is passed. The tables of flags are data: docs/gunicorn-uvicorn.md shows them. */
export interface NativeFlag {
  readonly flag: string
  /** The first version that has it; `null`: every supported one. */
  readonly since: string | null
  /** What it is passed for: an option, or the front. */
  readonly for: string
  /** Its value; `true`: it has none; `null`: it is not passed. */
  readonly value: (start: NativeStart) => string | true | null
}

export interface NativeStart {
  readonly plan: LaunchPlan
  readonly program: PythonProgram
  readonly place: PrivatePlace
}

/** The words of a command line for the installed version. */
export function flagWords(flags: readonly NativeFlag[], start: NativeStart): string[] {
  return flags.flatMap(({ flag, since, value }) => {
    if (since !== null && !isSince(start.program.version, since)) return []
    const given = value(start)
    return given === null ? [] : given === true ? [flag] : [flag, given]
  })
}

/** Both count in whole seconds. */
export function wholeSeconds(ms: number): string {
  return String(Math.ceil(ms / 1_000))
}
