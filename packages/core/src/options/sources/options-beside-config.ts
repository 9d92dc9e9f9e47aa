import { ownFolder } from '../../platform/process/process-settings.ts'
import { withPlatformNames } from '../../platform/system/variable-names.ts'
import type { LauncherBrand } from '../launcher-brand.ts'
import { type ResolvedOptions, resolveOptions } from '../resolve-options.ts'
import { readNested } from './config-file/read-nested.ts'
import { readEnvFile } from './environment/read-env-file.ts'
import { readEnvironment } from './environment/read-environment.ts'
import { variablesOf } from './environment/variable-name.ts'
import type { RawValue } from './raw-options.ts'

/**
 * The options of all sources but the configuration file, whose code may be what fails. For the report of that failure: nothing is
 * checked, and nothing is awaited, since the process may be about to end.
 */
export function optionsBesideConfig(
  argv: readonly RawValue[],
  brand: LauncherBrand | undefined,
): ResolvedOptions {
  const directory = ownFolder()
  const environment = withPlatformNames(process.env)
  const names = variablesOf(brand)
  const defaults = readNested(brand?.defaults ?? {}, { kind: 'launcher', directory })
  const envFile = readEnvFile({ directory, named: environment[`${names.prefix}ENV_FILE`], names }, null)
  const ambient = readEnvironment(environment, { kind: 'environment', directory, names })
  return resolveOptions([...defaults.values, ...envFile.values, ...ambient.values, ...argv]).options
}
