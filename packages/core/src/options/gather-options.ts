import type { Fault } from '../errors/launch-error.ts'
import type { LaunchHooks } from '../hooks/launch-hooks.ts'
import { withPlatformNames } from '../platform/variable-names.ts'
import { withActivatedBind } from './activated-bind.ts'
import { startingInChosenFolder } from './chosen-folder.ts'
import { readNodeSettings } from './node-settings.ts'
import type { OptionName } from './option-table.ts'
import type { RawOptions, RawValue } from './raw-options.ts'
import { readConfigFile } from './read-config-file.ts'
import { readEnvFile } from './read-env-file.ts'
import { type Environment, readEnvironment } from './read-environment.ts'
import { readNested } from './read-nested.ts'
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts'
import { readServiceVariables, type ServiceVariables } from './service-variables.ts'

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
  /** Reads a configuration file that was read before as it is now, past Node's cache of modules. */
  readonly anew?: boolean | undefined
}

export interface GatheredOptions {
  readonly options: ResolvedOptions
  /** All that is wrong in any source. */
  readonly faults: readonly Fault[]
  /** Options without a valid value: their defaults stand in their place. */
  readonly broken: ReadonlySet<OptionName>
  /** Where this all was read, for apps that are named by a relative path. */
  readonly directory: string
  readonly configFile: string | null
  /** Each from the strongest source that has it. */
  readonly hooks: LaunchHooks
  /** What the environment file holds, for the app. */
  readonly variables: Environment
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
  }: { api?: RawOptions; argv?: readonly RawValue[]; faults?: readonly Fault[] },
  sources: OptionSources = {},
): Promise<GatheredOptions> {
  const directory = sources.directory ?? process.cwd()
  const environment = withPlatformNames(
    sources.environment === false ? {} : (sources.environment ?? process.env),
  )
  const configName = sources.config ?? environment['LOCKSTEP_CONFIG']
  const envFileName = sources.envFile ?? environment['LOCKSTEP_ENV_FILE']

  const none = { values: [], faults: [] }
  const config =
    configName === false
      ? { ...none, hooks: {}, file: null }
      : await readConfigFile({ directory, named: configName, anew: sources.anew === true })
  const envFile =
    envFileName === false ? { ...none, variables: {} } : readEnvFile({ directory, named: envFileName })
  const ambient = readEnvironment(environment, { kind: 'environment', directory })
  const service = readServiceVariables(environment, { pid: process.pid })
  const own = readNested(api, { kind: 'api', directory })
  const given = [...config.values, ...envFile.values, ...ambient.values, ...own.values, ...argv]
  const resolved = resolveOptions(startingInChosenFolder([...readNodeSettings(given), ...given]))

  return {
    options: withActivatedBind(resolved.options, service.sockets),
    faults: [
      ...earlier,
      ...config.faults,
      ...envFile.faults,
      ...ambient.faults,
      ...service.faults,
      ...own.faults,
      ...resolved.faults,
    ],
    broken: resolved.broken,
    directory,
    configFile: config.file,
    hooks: { ...config.hooks, ...own.hooks },
    variables: envFile.variables,
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
    directory: sources.directory ?? process.cwd(),
    environment: sources.environment ?? { ...process.env },
  }
}
