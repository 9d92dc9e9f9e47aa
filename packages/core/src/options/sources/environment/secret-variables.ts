import { platformVariableName } from '../../../platform/system/variable-names.ts'
import { optionNames, optionRow } from '../../option-table.ts'
import { ownVariables } from './variable-name.ts'

/** Each variable of an option whose row says that it may hold a secret, in every spelling that is read. */
export const secretVariableNames: readonly string[] = optionNames
  .filter((name) => optionRow(name).isSecret)
  .flatMap((name) => [...ownVariables(name), ...(optionRow(name).ambientVariables ?? [])])

const names = new Set(secretVariableNames)

/** Whether a variable may hold a secret of the launch. Neither the app nor a process that it starts gets such a variable. */
export function isSecretVariable(name: string, platform?: NodeJS.Platform): boolean {
  return names.has(platformVariableName(name, platform))
}

/** Deletes the variables that may hold a secret of the launch from an environment. */
export function deleteSecretVariables(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment)) if (isSecretVariable(name)) delete environment[name]
}
