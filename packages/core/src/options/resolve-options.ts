import { hideKeyText } from '../errors/hide-key-text.ts'
import type { Fault } from '../errors/launch-error.ts'
import { util } from '../platform/node-util.ts'
import { type OptionName, type OptionValue, optionNames, optionRow } from './option-table.ts'
import { type RawValue, sourceKinds, type ValueSource } from './raw-options.ts'

/** An option with the value that holds, and who set it. */
export interface Resolved<Value> {
  readonly value: Value
  readonly source: ValueSource
}

/** Every option, each with its source. */
export type ResolvedOptions = { readonly [Name in OptionName]: Resolved<OptionValue<Name>> }

const defaultSource: ValueSource = { kind: 'default', label: 'the default', directory: process.cwd() }

/**
 * Merges the raw values of all sources: the strongest source wins, and within one source the last value, except that the
 * values of a list add up. Each winner is checked and its relative paths are anchored where it was written; an invalid one is a
 * fault, and its option, which then has its default, is named in `broken`.
 */
export function resolveOptions(given: readonly RawValue[]): {
  options: ResolvedOptions
  faults: readonly Fault[]
  broken: ReadonlySet<OptionName>
} {
  const faults: Fault[] = []
  const broken = new Set<OptionName>()
  const entries = optionNames.map((name) => {
    const row = optionRow(name)
    const winner = strongest(
      given.filter((value) => value.name === name),
      row.kind.isList === true,
    )
    const parsed = winner && row.kind.schema.safeParse(winner.raw)
    if (winner && parsed?.success) {
      const value = row.kind.anchor ? row.kind.anchor(parsed.data, winner.source.directory) : parsed.data
      return [name, { value, source: winner.source }]
    }
    if (winner) {
      faults.push(invalidValue(name, winner))
      broken.add(name)
    }
    return [
      name,
      { value: row.default === null ? null : row.kind.schema.parse(row.default), source: defaultSource },
    ]
  })
  return { options: Object.fromEntries(entries) as ResolvedOptions, faults, broken }
}

function strongest(values: readonly RawValue[], isList: boolean): RawValue | undefined {
  const rank = ({ source }: RawValue): number => sourceKinds.indexOf(source.kind)
  const top = Math.max(...values.map(rank))
  const winners = values.filter((value) => rank(value) === top)
  const last = winners.at(-1)
  return last && isList ? { ...last, raw: winners.flatMap(({ raw }) => raw) } : last
}

function invalidValue(name: OptionName, { raw, source }: RawValue): Fault {
  const row = optionRow(name)
  const found = row.isSecret
    ? 'something else'
    : typeof raw === 'string' || (Array.isArray(raw) && raw.every((one) => typeof one === 'string'))
      ? `"${hideKeyText(String(raw))}"`
      : util.inspect(raw, { depth: 0, breakLength: Number.POSITIVE_INFINITY })
  return {
    code: 'ERR_OPTION_INVALID',
    message: `${source.kind === 'argv' ? source.label : name} must be ${row.kind.expects}; found ${found}${source.kind === 'argv' ? '' : ` (${source.label})`}.`,
    hint:
      source.kind === 'default'
        ? `${row.summary} ${row.flags[0]} overrides what is set for Node as a whole.`
        : row.summary,
    source: source.label,
  }
}
