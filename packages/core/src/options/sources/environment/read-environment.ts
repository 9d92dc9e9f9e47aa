import type { Fault } from '../../../errors/launch-error.ts'
import { optionNames, optionRow } from '../../option-table.ts'
import { fromText, type RawValue, type ValueSource } from '../raw-options.ts'
import { suggest, suggestion } from '../suggest.ts'
import { isServiceLink, serviceLinkHint } from './service-links.ts'
import {
  isNearlyOurs,
  isOurVariable,
  lockstepVariables,
  optionByVariable,
  ownVariables,
  reservedVariables,
  type VariableNames,
} from './variable-name.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads options from variables: `LOCKSTEP_…` for the name and for each flag of an option, and the few names that the field agrees on
 * (`PORT`, `HOST`, `WEB_CONCURRENCY`), which have lower priority than ours and count as unset when empty. An unknown `LOCKSTEP_…`, a name
 * that is nearly one, and an empty value are faults.
 */
export function readEnvironment(
  environment: Environment,
  {
    kind,
    file,
    path,
    directory,
    names = lockstepVariables,
  }: {
    kind: 'environment' | 'dotenv'
    /** For messages. */
    file?: string
    /** Its absolute path. */
    path?: string
    directory: string
    /** Default: those of Lockstep. */
    names?: VariableNames
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
    const ours = ownVariables(name, names).filter((variable) =>
      names.isStrict ? environment[variable] !== undefined : (environment[variable] ?? '').trim() !== '',
    )
    // What a compose file or a shell leaves empty (`PORT: ${PORT:-}`) is unset, as for every program that reads it.
    const ambient = (row.ambientVariables ?? []).find(
      (variable) => (environment[variable] ?? '').trim() !== '' && !names.ofApp.has(variable),
    )
    for (const variable of ours.length > 0 || ambient === undefined ? ours : [ambient]) {
      const given = environment[variable] ?? ''
      const source: ValueSource = { ...sourceOf(variable), ...(variable === ambient && { isAmbient: true }) }
      const { translate } = names.byVariable.get(variable) ?? { translate: (text: string) => text }
      if (isServiceLink(variable, given)) faults.push(linkedService(source.label))
      else if (given.trim() === '') faults.push(emptyVariable(source.label))
      else values.push(fromText(name, translate(given), source))
    }
  }
  if (!names.isStrict) return { values, faults }
  for (const [variable, value] of Object.entries(environment)) {
    if (isOurVariable(variable) || !isNearlyOurs(variable)) continue
    if ((reservedVariables as readonly string[]).includes(variable)) continue
    const { label } = sourceOf(variable)
    const known = [...optionByVariable.keys()]
    faults.push(
      isServiceLink(variable, value ?? '')
        ? linkedService(label)
        : {
            code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
            message: `${label} is not an option.`,
            hint: nearVariable(variable, known),
            source: label,
          },
    )
  }
  return { values, faults }
}

/** Compares what follows the prefix: with it, every short name is near every other one. */
function nearVariable(variable: string, known: readonly string[]): string {
  const docs = 'docs/options.md lists the variables.'
  if (!variable.startsWith(prefix)) return suggestion(variable, known, docs)
  const tails = known.map((name) => name.slice(prefix.length))
  const near = suggest(variable.slice(prefix.length), tails)
  return near === undefined ? docs : `Did you mean ${prefix}${near}? ${docs}`
}

const prefix = 'LOCKSTEP_'

function linkedService(label: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
    message: `${label} was not meant for Lockstep: Kubernetes sets it, for a Service whose name begins with "lockstep".`,
    hint: serviceLinkHint,
    source: label,
  }
}

function emptyVariable(label: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `${label} is set, but empty.`,
    hint: 'Give it a value, or unset it.',
    source: label,
  }
}
