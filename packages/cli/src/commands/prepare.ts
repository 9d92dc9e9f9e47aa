import {
  currentFolder,
  LaunchError,
  type PreparedLaunch,
  prepareLaunch,
  type RawValue,
  shareVariables,
} from '@lockstep/core/internal'
import { externalBackends } from '@lockstep/external'
import { type CommandLine, type DescribedFlag, flagText } from './command.ts'
import { jsonFlag } from './verb-progress.ts'
import { watchEarlyExit } from './watch-early-exit.ts'

/** The flags that say which sources are read. */
export const sourceFlags = {
  config: {
    takesValue: true,
    short: 'c',
    placeholder: '<path>',
    completes: 'files',
    summary: 'Configuration file. Default: lockstep.config.* in this folder, if there is one.',
  },
  'no-config': { takesValue: false, summary: 'Read no configuration file.' },
  // Not `--env-file`: Node reads that flag itself, wherever it is (nodejs/node#54232), and its variables would look set.
  dotenv: {
    takesValue: true,
    placeholder: '<path>',
    completes: 'files',
    summary: 'Environment file. Default: .env in this folder, if there is one.',
  },
  'no-dotenv': { takesValue: false, summary: 'Read no environment file.' },
  ...jsonFlag,
} as const satisfies Record<string, DescribedFlag>

/** For a command that does not run what it reads: without an app, `--exec` says that the words after `--` are a program. */
export const execFlag = {
  exec: {
    takesValue: false,
    summary: 'The words after -- are a program and its arguments, as for `lockstep exec`.',
  },
} as const satisfies Record<string, DescribedFlag>

/** The path of the flag; `false` with its `--no-…`; `undefined` when neither is given. */
function fileNamed(line: CommandLine, name: 'config' | 'dotenv'): string | false | undefined {
  const path = flagText(line, name)
  if (!line.commandFlags.has(`no-${name}`)) return path
  if (path === undefined) return false
  throw new LaunchError({
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    message: `--no-${name} reads no file, and --${name} names ${path}.`,
    hint: 'Leave one of them out.',
    source: `--no-${name}`,
  })
}

/** Reads the options of a command line with all other sources, and checks them. */
export async function prepareFromLine(
  line: CommandLine,
  {
    tryToBind = true,
    rest = line.commandFlags.has('exec') ? 'command' : 'args',
    first = 'app',
    signal,
  }: {
    tryToBind?: boolean
    /** The option that the words after `--` set. */
    rest?: 'args' | 'command'
    /** The option that the first argument sets. */
    first?: 'app' | 'static.directory'
    /** Gives up the start. */
    signal?: AbortSignal
  } = {},
): Promise<PreparedLaunch> {
  const directory = currentFolder()
  const app: RawValue[] = line.positionals.slice(0, 1).map((raw) => ({
    name: first,
    raw,
    source: { kind: 'argv', label: first === 'app' ? 'APP' : 'DIR', directory },
  }))
  const args: RawValue[] =
    line.rest === null
      ? []
      : [{ name: rest, raw: line.rest, source: { kind: 'argv', label: '--', directory } }]
  const names = (name: RawValue['name']): boolean => line.values.some((value) => value.name === name)
  const backend: RawValue[] =
    rest === 'command' && !names('backend')
      ? [{ name: 'backend', raw: 'command', source: { kind: 'argv', label: '`lockstep exec`', directory } }]
      : []
  using _watch = watchEarlyExit(line.report, 'configuration')
  const twice = line.values.find(({ name }) => name === first)
  const prepared = await prepareLaunch(
    {
      argv: [
        ...line.values.filter(({ name }) => name !== first || app.length === 0),
        ...app,
        ...args,
        ...backend,
      ],
      faults: [
        ...line.faults,
        ...(twice && app.length > 0
          ? [
              {
                code: 'LOCKSTEP_ERR_OPTION_CONFLICT' as const,
                message: `The ${first === 'app' ? 'app' : 'folder'} is named twice: ${app[0]?.raw} and ${twice.source.label} ${twice.raw}.`,
                hint: 'Leave one of them out.',
              },
            ]
          : []),
      ],
    },
    {
      directory,
      tryToBind,
      signal,
      brand: line.brand,
      backends: externalBackends,
      config: fileNamed(line, 'config'),
      envFile: fileNamed(line, 'dotenv'),
    },
  )
  line.report.useLogFormat(prepared.options)
  shareVariables(prepared.variables, line.brand)
  // What follows an unknown flag may be its value. It is not taken for an app, and not echoed, because it may be a secret.
  const guessed = line.faults.some(({ code }) => code === 'LOCKSTEP_ERR_OPTION_UNKNOWN')
  return guessed
    ? { ...prepared, faults: prepared.faults.filter(({ code }) => !code.startsWith('LOCKSTEP_ERR_APP_')) }
    : prepared
}
