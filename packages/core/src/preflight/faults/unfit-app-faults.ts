import type { Fault } from '../../errors/launch-error.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { PlannedApp } from '../../plan/launch-plan.ts'
import type { BackendChoice } from '../backend-choice.ts'

const names = {
  module: 'a module of Node',
  memory: 'an app in memory',
  command: 'a program',
  python: 'a Python app',
  static: 'a static folder',
} as const satisfies Record<PlannedApp['kind'], string>

/** What is to be served can't be run by the chosen backend. */
export function unfitAppFaults(
  { app: given, command, backend }: ResolvedOptions,
  { app, choice }: { app: PlannedApp | null; choice: BackendChoice | null },
): Fault[] {
  if (!app || !choice) return []
  const { name, runs = ['module', 'memory', 'static'] } = choice.backend
  if (runs.includes(app.kind)) return []
  // The option `command` has answers of its own in each backend.
  if (app.kind === 'command' && backend.source.kind !== 'default') return []
  const { source } = app.kind === 'command' ? command : given
  return [
    {
      code: 'LOCKSTEP_ERR_APP_UNFIT',
      message: `The backend ${name} runs ${runs.map((kind) => names[kind]).join(' or ')}, and ${describe(app)} is ${names[app.kind]}.`,
      hint: cures[app.kind],
      source: source.label,
    },
  ]
}

const cures = {
  module: 'Use --backend single or cluster, or leave the backend to auto.',
  memory: 'Use the backend single, or leave the backend to auto.',
  command: 'Use the backend command, or leave the backend to auto.',
  static: 'Use --backend single or cluster, or leave the backend to auto.',
  python: 'Use --backend gunicorn or uvicorn, or leave the backend to auto.',
} as const satisfies Record<PlannedApp['kind'], string>

function describe(app: PlannedApp): string {
  switch (app.kind) {
    case 'module':
      return app.file
    case 'python':
      return app.target
    case 'command':
      return app.command[0]
    case 'static':
      return app.directory
    case 'memory':
      return 'the app'
  }
}
