import {
  type BackendHost,
  currentFolder,
  LaunchError,
  type LaunchPlan,
  type RunningServer,
} from '@lockstep/core/internal'
import { fillInVariables, placeholdersIn } from '../command/fill-in.ts'
import type { ProgramSpec } from '../supervise/program-spec.ts'
import { servePrograms } from '../supervise/serve-programs.ts'
import { askPython } from './ask-python.ts'
import { type ForeignSettings, refuseForeignSettings } from './foreign-settings.ts'
import { flagWords, type NativeFlag } from './native-flag.ts'
import type { PythonProgram } from './python-program.ts'
import { isSince } from './versions.ts'

/** How a server for Python apps is run. */
export interface PythonServer {
  readonly name: PythonProgram['server']
  readonly oldest: string
  readonly flags: readonly NativeFlag[]
  readonly foreign: { readonly refused: ForeignSettings; readonly shown: (setting: string) => string }
  /** The last word of its command line. */
  targetOf(program: PythonProgram): string
  /** Refuses what the installed version can't run, by a `LaunchError`. */
  check(program: PythonProgram): void
}

/** Finds the server and asks it, refuses what it can't honour, and serves its instances. */
export function servePython(
  plan: LaunchPlan,
  { host, server }: { host: BackendHost; server: PythonServer },
): Promise<RunningServer> {
  return servePrograms(plan, { host, findSpec: () => findSpec(plan, { host, server }) })
}

async function findSpec(
  plan: LaunchPlan,
  { host, server }: { host: BackendHost; server: PythonServer },
): Promise<ProgramSpec> {
  const program = await askPython(server.name, { plan, signal: host.signal })
  if (!isSince(program.version, server.oldest)) throw tooOld(program, server.oldest)
  refuseForeignSettings(program, server.foreign)
  server.check(program)
  const { python, version, pythonVersion, app } = program
  const named = placeholdersIn(Object.values(plan.upstream.variables))
  host.log.info(`${server.name} ${version} of Python ${pythonVersion} runs the app`, {
    python,
    interface: app.interface,
  })
  return {
    title: `${server.name} ${version}`,
    place: process.platform === 'win32' || named.has('port') || named.has('host') ? 'port' : 'socket',
    acceptsBeforeReady: true,
    instances: plan.workers,
    // As in a shell: the folder of the app is for imports alone.
    cwd: currentFolder(),
    stopSignal: plan.upstream.stopSignal,
    commandFor: (place) => ({
      command: python,
      args: [
        '-m',
        server.name,
        ...flagWords(server.flags, { plan, program, place }),
        server.targetOf(program),
      ],
      env: fillInVariables(plan.upstream.variables, place),
      // They say where the front listens and how many instances there are.
      withheld: ['PORT', 'HOST', 'WEB_CONCURRENCY'],
    }),
  }
}

function tooOld({ server, version, python }: PythonProgram, oldest: string): LaunchError {
  return new LaunchError({
    code: 'LOCKSTEP_ERR_PROGRAM_START',
    message: `${server} ${version} is too old: it must be ${oldest} or newer.`,
    hint: `Update it with: ${python} -m pip install --upgrade ${server}`,
    source: `--backend ${server}`,
  })
}
