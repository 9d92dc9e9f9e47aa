import { platformVariableName } from '../../../platform/system/variable-names.ts'
import type { LauncherBrand } from '../../launcher-brand.ts'
import { optionNames, optionRow } from '../../option-table.ts'
import { lockstepVariables, ownVariables, type VariableNames, variablesOf } from './variable-name.ts'

/** Each variable of an option whose row says that it may hold a secret, in every spelling that is read. */
export const secretVariableNames: readonly string[] = secretsOf(lockstepVariables)

/** The same with those of a brand. */
export function secretVariablesOf(brand: LauncherBrand | undefined): readonly string[] {
  return brand ? [...secretVariableNames, ...secretsOf(variablesOf(brand))] : secretVariableNames
}

function secretsOf(names: VariableNames): readonly string[] {
  return optionNames
    .filter((name) => optionRow(name).isSecret)
    .flatMap((name) => [...ownVariables(name, names), ...(optionRow(name).ambientVariables ?? [])])
}

/** Whether a variable may hold a secret of the launch. Neither the app nor a process that it starts gets such a variable. */
export function isSecretVariable(
  name: string,
  {
    platform,
    secrets = secretVariableNames,
  }: { platform?: NodeJS.Platform; secrets?: readonly string[] } = {},
): boolean {
  return secrets.includes(platformVariableName(name, platform))
}

/** Deletes the variables that may hold a secret of the launch from an environment. */
export function deleteSecretVariables(
  environment: NodeJS.ProcessEnv,
  secrets: readonly string[] = secretVariableNames,
): void {
  for (const name of Object.keys(environment))
    if (isSecretVariable(name, { secrets })) delete environment[name]
}
