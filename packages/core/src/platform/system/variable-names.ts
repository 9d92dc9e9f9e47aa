/**
 * The name under which a variable is known on this platform. Windows has no case in names of variables (`port` and `PORT` are one), but
 * a copy of its environment has: so whatever reads or deletes variables compares these names.
 */
export function platformVariableName(name: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? name.toUpperCase() : name
}

/** The same variables under the names by which this platform knows them. */
export function withPlatformNames<Value>(
  variables: Readonly<Record<string, Value>>,
  platform: NodeJS.Platform = process.platform,
): Readonly<Record<string, Value>> {
  if (platform !== 'win32') return variables
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [platformVariableName(name, platform), value]),
  )
}

/** Deletes variables from a copy of an environment, in any case that this platform accepts for their names. */
export function deleteVariables(
  environment: NodeJS.ProcessEnv,
  names: readonly string[],
  platform: NodeJS.Platform = process.platform,
): void {
  for (const name of Object.keys(environment))
    if (names.includes(platformVariableName(name, platform))) delete environment[name]
}
