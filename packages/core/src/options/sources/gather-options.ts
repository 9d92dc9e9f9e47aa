import type { Fault } from '../../errors/launch-error.ts'
import type { LaunchHooks } from '../../hooks/launch-hooks.ts'
import type { PlannedIdentity } from '../../plan/launch-plan.ts'
import type { TrustRule } from '../../platform/accounts/path-trust.ts'
import { problemOfDescriptor } from '../../platform/net/inherited-socket.ts'
import { ownFolder } from '../../platform/process/process-settings.ts'
import { withPlatformNames } from '../../platform/system/variable-names.ts'
import type { DecidingPath } from '../../trust/untrusted-fault.ts'
import type { LauncherBrand } from '../launcher-brand.ts'
import type { LockstepConfig } from '../lockstep-config.ts'
import type { OptionName } from '../option-table.ts'
import { type ResolvedOptions, resolveOptions } from '../resolve-options.ts'
import { type ConfigFile, type ReadingCause, readConfigFile } from './config-file/read-config-file.ts'
import { readNested } from './config-file/read-nested.ts'
import { withActivatedBind } from './environment/activated-bind.ts'
import { misspeltForBrand } from './environment/misspelt-for-brand.ts'
import { readNodeSettings } from './environment/node-settings.ts'
import { readEnvFile } from './environment/read-env-file.ts'
import { type Environment, readEnvironment } from './environment/read-environment.ts'
import { variablesRefusedByBrand } from './environment/refused-by-brand.ts'
import { readServiceVariables, type ServiceVariables } from './environment/service-variables.ts'
import { sharedVariables } from './environment/share-variables.ts'
import { variablesOf } from './environment/variable-name.ts'
import type { RawValue, SourceKind } from './raw-options.ts'
import { withUserAddress } from './user-address.ts'

/** Which sources are read beside the options that were handed in. */
export interface OptionSources {
  /** Where the configuration file and `.env` are looked for, and where relative paths start. Absolute; the current folder if unset. */
  readonly directory?: string | undefined
  /** The configuration file: a path, or `false` to read none. Unset, `lockstep.config.*` in the folder, if there is one. */
  readonly config?: string | false | undefined
  /** The environment file: a path, or `false` to read none. Unset, `.env` in the folder, if there is one. */
  readonly envFile?: string | false | undefined
  /** The environment, or `false` to read none. Unset, that of the process. */
  readonly environment?: Environment | false | undefined
  /** The names of a product that has a launcher of its own. Unset, those of Lockstep. */
  readonly brand?: LauncherBrand | undefined
}

/** What came of an environment file. */
export interface EnvFileFacts {
  /** Absolute. */
  readonly file: string
  /** Names of the variables that the app gets from it: no secrets of options, and none that is set already. */
  readonly variables: readonly string[]
}

/** How the files are read. */
export interface GatherContext {
  readonly cause: ReadingCause
  /** What was read last; `null` at the start. */
  readonly before: ConfigFile | null
  /** Who serves, if that is another user than this one; `null` while it is not known. */
  readonly served: PlannedIdentity | null
  /** Gives up the start while code of a file is loaded. */
  readonly signal?: AbortSignal | undefined
  /** The users whose files are obeyed, by the sources that are not files; `null`: this is not root. */
  trust(values: readonly RawValue[]): Promise<TrustRule | null>
}

export interface GatheredOptions {
  readonly options: ResolvedOptions
  /** All that is wrong in any source. */
  readonly faults: readonly Fault[]
  /** Options without a valid value: their defaults are used instead. */
  readonly broken: ReadonlySet<OptionName>
  /** Where this all was read, for apps that are named by a relative path. */
  readonly directory: string
  readonly configFile: string | null
  /** The environment file that was read; `null`: none. */
  readonly envFile: EnvFileFacts | null
  /** The same with what was read, for the next reading. */
  readonly config: ConfigFile | null
  /** Files that were obeyed. */
  readonly deciding: readonly DecidingPath[]
  /** A file was not read, because another user could change it: then nothing of the launch is to be looked at further. */
  readonly isUntrusted: boolean
  /** Each from the strongest source that has it. */
  readonly hooks: LaunchHooks
  /** What the environment file holds, for the app. */
  readonly variables: Environment
  /** What is allowed, and may be a mistake. */
  readonly warnings: readonly string[]
  /** What the environment says of a service manager. */
  readonly service: ServiceVariables
}

/**
 * Reads every source and merges them: defaults < configuration file < `.env` < environment < API or argv.
 */
export async function gatherOptions(
  {
    api = {},
    argv = [],
    faults: earlier = [],
  }: { api?: LockstepConfig; argv?: readonly RawValue[]; faults?: readonly Fault[] },
  sources: OptionSources = {},
  context: GatherContext = { cause: 'start', before: null, served: null, trust: async () => null },
): Promise<GatheredOptions> {
  const directory = sources.directory ?? ownFolder()
  const environment = withPlatformNames(
    sources.environment === false ? {} : (sources.environment ?? process.env),
  )
  const { brand } = sources
  const names = variablesOf(brand)
  const named = (variable: string): string | undefined =>
    names.ofApp.has(variable) ? undefined : environment[variable]
  const configName = sources.config ?? named(`${names.prefix}CONFIG`)
  const envFileName = sources.envFile ?? named(`${names.prefix}ENV_FILE`)

  const ambient = readEnvironment(environment, { kind: 'environment', directory, names })
  const branded = readNested(brand?.defaults ?? {}, {
    kind: 'launcher',
    directory: brand?.directory ?? directory,
    ...(brand && { file: brand.name }),
  })
  const service = readServiceVariables(environment, {
    pid: process.pid,
    parent: process.ppid,
    isOpen: (fd) => problemOfDescriptor(fd) === null,
  })
  const own = readNested(api, { kind: 'api', directory })
  const rule = await context.trust([...ambient.values, ...own.values, ...argv])
  const none = { values: [], faults: [], deciding: [] }
  const config =
    configName === false
      ? { ...none, config: null }
      : await readConfigFile({ directory, named: configName }, { ...context, rule })
  const envFile =
    envFileName === false
      ? { ...none, file: null, variables: {} }
      : readEnvFile({ directory, named: envFileName, names }, rule)
  const given = [
    ...branded.values,
    ...config.values,
    ...envFile.values,
    ...ambient.values,
    ...own.values,
    ...argv,
  ]
  const resolved = resolveOptions(startingInChosenFolder([...readNodeSettings(given), ...given]))

  return {
    options: withoutAmbientWorkers(withActivatedBind(withUserAddress(resolved.options), service.sockets)),
    faults: [
      ...earlier,
      ...config.faults,
      ...envFile.faults,
      ...ambient.faults,
      ...variablesRefusedByBrand(environment, { brand }),
      ...variablesRefusedByBrand(envFile.variables, { brand, file: '.env' }),
      ...service.faults,
      ...own.faults,
      ...resolved.faults,
    ],
    // A configuration file that was not read may well name the app.
    broken:
      config.faults.length > 0 && config.config === null && resolved.options.app.value === null
        ? new Set([...resolved.broken, 'app' as const])
        : resolved.broken,
    directory,
    configFile: config.config?.file ?? null,
    envFile:
      envFile.file === null
        ? null
        : {
            file: envFile.file,
            variables: sharedVariables(envFile.variables, { environment, brand }),
          },
    config: config.config,
    deciding: [...config.deciding, ...envFile.deciding],
    isUntrusted: [...config.faults, ...envFile.faults].some(
      ({ code }) => code === 'LOCKSTEP_ERR_UNTRUSTED_FILE',
    ),
    hooks: { ...('hooks' in config && config.hooks), ...own.hooks },
    variables: envFile.variables,
    warnings: [
      ...service.warnings,
      ...misspeltForBrand(environment, { brand }),
      ...misspeltForBrand(envFile.variables, { brand, file: '.env' }),
    ],
    service,
  }
}

/**
 * The same sources for a later time: the current folder and the environment as they are now. The app may change either, and the
 * command hands what `.env` holds over to it, where it would hide a `.env` that has changed.
 */
export function pinSources<Sources extends OptionSources>(sources: Sources): Sources {
  return {
    ...sources,
    directory: sources.directory ?? ownFolder(),
    environment: sources.environment === false ? false : { ...(sources.environment ?? process.env) },
  }
}

/**
 * With an app in memory, which one process serves, WEB_CONCURRENCY has no effect: a platform sets it for every program that it runs, and not
 * as a wish for this server. A number of workers that is meant for this server, such as LOCKSTEP_WORKERS, is refused as ever.
 */
function withoutAmbientWorkers(options: ResolvedOptions): ResolvedOptions {
  const { app, workers } = options
  const isInMemory = app.value !== null && typeof app.value !== 'string'
  if (!isInMemory || workers.source.isAmbient !== true) return options
  const label = `the default: ${workers.source.label} is not for an app in memory`
  return { ...options, workers: { value: 1, source: { ...workers.source, kind: 'default', label } } }
}

/**
 * The values with `chdir` as the folder where their relative paths start, as if each had been written there. Values in files keep
 * the folder of their file, wherever the server runs.
 */
function startingInChosenFolder(values: readonly RawValue[]): readonly RawValue[] {
  const { chdir } = resolveOptions(values.filter(({ name }) => name === 'chdir')).options
  const folder = chdir.value
  if (folder === null) return values
  return values.map((value) =>
    value.name !== 'chdir' && moving.has(value.source.kind)
      ? { ...value, source: { ...value.source, directory: folder } }
      : value,
  )
}

const moving: ReadonlySet<SourceKind> = new Set(['environment', 'api', 'argv'])
