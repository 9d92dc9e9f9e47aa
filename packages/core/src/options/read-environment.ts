import type { Fault } from '../errors/launch-error.ts'
import { optionNames, optionRow } from './option-table.ts'
import type { RawValue, ValueSource } from './raw-options.ts'
import { suggestion } from './suggest.ts'
import { optionByVariable, reservedVariables, variableName } from './variable-name.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads options from variables: `LOCKSTEP_…` for each, and the few names that the field agrees on (`PORT`, `HOST`,
 * `WEB_CONCURRENCY`), which stand back behind ours. An unknown `LOCKSTEP_…` and an empty value are faults.
 */
export function readEnvironment(
  environment: Environment,
  {
    kind,
    file,
    path,
    directory,
  }: {
    kind: 'environment' | 'dotenv'
    /** For messages. */
    file?: string
    /** Its absolute path. */
    path?: string
    directory: string
  },
): { values: readonly RawValue[]; faults: readonly Fault[] } {
  const values: RawValue[] = []
  const faults: Fault[] = []
  const sourceOf = (variable: string): ValueSource => ({
    kind,
    label: file === undefined ? variable : `${variable} in ${file}`,
    directory,
    ...(path !== undefined && { file: path }),
  })

  for (const name of optionNames) {
    const row = optionRow(name)
    const variable = [variableName(name), ...(row.ambientVariables ?? [])].find(
      (candidate) => environment[candidate] !== undefined,
    )
    const given = variable === undefined ? undefined : environment[variable]
    if (variable === undefined || given === undefined) continue
    const isAmbient = variable !== variableName(name)
    const source: ValueSource = { ...sourceOf(variable), ...(isAmbient && { isAmbient }) }
    if (given.trim() === '') faults.push(emptyVariable(source.label))
    else values.push({ name, raw: row.kind.fromText(given), source })
  }
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith('LOCKSTEP_') || optionByVariable.has(variable)) continue
    if ((reservedVariables as readonly string[]).includes(variable)) continue
    faults.push({
      code: 'ERR_OPTION_UNKNOWN',
      message: `${sourceOf(variable).label} is not an option.`,
      hint: suggestion(variable, optionByVariable.keys(), 'docs/options.md lists the variables.'),
      source: sourceOf(variable).label,
    })
  }
  return { values, faults }
}

function emptyVariable(label: string): Fault {
  return {
    code: 'ERR_OPTION_INVALID',
    message: `${label} is set, but empty.`,
    hint: 'Give it a value, or unset it.',
    source: label,
  }
}
