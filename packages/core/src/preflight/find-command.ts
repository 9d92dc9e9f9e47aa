import type { Fault } from '../errors/launch-error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { PlannedApp } from '../plan/launch-plan.ts'

/** What is to be served, as far as that can be seen without loading it. */
export interface FoundApp {
  readonly app: PlannedApp | null
  readonly faults: readonly Fault[]
  /** Variables that the start script of a folder sets for the app. */
  readonly variables?: Readonly<Record<string, string>>
}

/** The program of the option `command`. */
export function findCommand({ command, app }: ResolvedOptions): FoundApp {
  const { value, source } = command
  const [program, ...args] = value ?? []
  if (app.value !== null)
    return {
      app: null,
      faults: [
        {
          code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
          message: `Both an app (${app.source.label}) and a program (${source.label}) are named, and one of them would not run.`,
          hint: 'Leave one of them out.',
          source: source.label,
        },
      ],
    }
  if (program === undefined || program === '')
    return {
      app: null,
      faults: [
        {
          code: 'LOCKSTEP_ERR_APP_MISSING',
          message: `The program is missing: ${source.label} has no words.`,
          hint: programHint,
          source: source.label,
        },
      ],
    }
  return { app: { kind: 'command', command: [program, ...args], directory: source.directory }, faults: [] }
}

const programHint =
  'Name the program after `--`, as in `lockstep exec -- python server.py --port {port}`, or set `command` in lockstep.config.ts.'

/** The backend command without a program. */
export function noProgram({ app, backend }: ResolvedOptions): Fault {
  return {
    code: app.value === null ? 'LOCKSTEP_ERR_APP_MISSING' : 'LOCKSTEP_ERR_APP_UNFIT',
    message:
      app.value === null
        ? 'Missing argument: the program.'
        : `The backend command runs a program, and ${typeof app.value === 'string' ? app.value : 'the app'} is named as an app.`,
    hint: programHint,
    source: backend.source.label,
  }
}
