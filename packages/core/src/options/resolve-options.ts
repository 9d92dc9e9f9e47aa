import { hideKeyText } from '../errors/hide-key-text.ts'
import type { Fault } from '../errors/launch-error.ts'
import { util } from '../platform/node/node-util.ts'
import { currentFolder } from '../platform/process/current-folder.ts'
import { explainClash } from './foreign/explain-foreign.ts'
import { isUrl } from './kinds/path-of-file-url.ts'
import { isPemPath } from './kinds/tls/pem-path.ts'
import { type OptionName, type OptionValue, optionNames, optionRow } from './option-table.ts'
import { type RawValue, sourceKinds, type ValueSource } from './sources/raw-options.ts'
import { respell } from './sources/respell.ts'

/** An option with its final value and its source. */
export interface Resolved<Value> {
  readonly value: Value
  readonly source: ValueSource
}

/** Every option, each with its source. */
export type ResolvedOptions = { readonly [Name in OptionName]: Resolved<OptionValue<Name>> }

const defaultSource: ValueSource = { kind: 'default', label: 'the default', directory: currentFolder() }

/**
 * Merges the raw values of all sources: the strongest source wins. Within one source the values of a list add up, and any other option may be
 * set once. Each winner is checked and its relative paths are anchored where it was written; an invalid one is a
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
    const winners = strongest(given.filter((value) => value.name === name)).map(translated)
    const twice = row.kind.isList ? null : firstContradiction(winners)
    if (twice) faults.push(twice)
    const last = winners.at(-1)
    const winner = last && row.kind.isList ? { ...last, raw: winners.flatMap(({ raw }) => raw) } : last
    const parsed = winner && row.kind.schema.safeParse(winner.raw)
    // The URL of a file may hold one as %00.
    if (winner && !isInMemory(name, winner) && [winner.raw, parsed?.data].some((one) => holdsNul(one))) {
      faults.push(nulInside(name, winner))
      broken.add(name)
      return [name, { value: defaultOf(row), source: defaultSource }]
    }
    if (winner && parsed?.success) {
      const value = row.kind.anchor ? row.kind.anchor(parsed.data, winner.source.directory) : parsed.data
      return [name, { value, source: winner.source }]
    }
    if (winner) {
      faults.push(invalidValue(name, winner))
      broken.add(name)
    }
    return [name, { value: defaultOf(row), source: defaultSource }]
  })
  return { options: Object.fromEntries(entries) as ResolvedOptions, faults, broken }
}

function defaultOf(row: ReturnType<typeof optionRow>): unknown {
  return row.default === null ? null : row.kind.schema.parse(row.default)
}

/** The system ends a path, and any text that it is handed, at a NUL. Key material is read by rules of its own. */
function holdsNul(raw: unknown, depth = 0): boolean {
  if (typeof raw === 'string') return raw.includes('\0') && isPemPath(raw)
  // What is nested deeper is not the value of an option.
  if (depth > mostLevels || typeof raw !== 'object' || raw === null) return false
  const isPlain = Array.isArray(raw) || Object.getPrototypeOf(raw) === Object.prototype
  return isPlain && Object.values(raw).some((one) => holdsNul(one, depth + 1))
}

/** An app or a backend in memory: its properties are its own. */
function isInMemory(name: OptionName, { raw }: RawValue): boolean {
  return (name === 'app' || name === 'backend') && typeof raw === 'object' && !isUrl(raw)
}

/** A list, its entries, their lists. */
const mostLevels = 3

function nulInside(name: OptionName, { source }: RawValue): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `${name} holds a NUL character (${source.label}), which no option can hold.`,
    hint: 'Remove it. A file that was saved as UTF-16 has one beside each letter.',
    source: source.label,
  }
}

function strongest(values: readonly RawValue[]): readonly RawValue[] {
  const rank = ({ source }: RawValue): number => sourceKinds.indexOf(source.kind)
  const top = Math.max(...values.map(rank))
  return values.filter((value) => rank(value) === top)
}

/** Its folder is known by now: `chdir` has been read. */
function translated(value: RawValue): RawValue {
  if (value.text === undefined) return value
  return { ...value, raw: optionRow(value.name).kind.fromText(value.text, value.source.directory) }
}

/** One source that sets an option twice to different values means two things, of which one would be dropped. */
function firstContradiction(winners: readonly RawValue[]): Fault | null {
  const [first] = winners
  const other = winners.find(({ raw }) => !util.isDeepStrictEqual(raw, first?.raw))
  // Settings of Node are defaults here, and follow Node's own rule.
  if (!first || !other || first.source.kind === 'default') return null
  const [one, two] = [first, other].map(({ name, raw, source: { label } }) =>
    optionRow(name).isSecret || typeof raw === 'boolean' ? label : `${label} ${hideKeyText(String(raw))}`,
  )
  return {
    code: 'LOCKSTEP_ERR_OPTION_CONFLICT',
    message: `${one} and ${two} both set ${first.name}, which takes one value.`,
    hint: 'Leave one of them out.',
    source: other.source.label,
  }
}

/** How the user has written the option; a flag in our own words. */
function wordOf(name: OptionName, { kind, label }: ValueSource): string {
  switch (kind) {
    case 'config':
    case 'api':
    case 'launcher':
      return name
    case 'environment':
    case 'dotenv':
      return label.split(' ', 1)[0] ?? name
    case 'argv':
    case 'default':
      return optionRow(name).flags[0] ?? name
  }
}

function invalidValue(name: OptionName, { raw, source, text }: RawValue): Fault {
  const row = optionRow(name)
  const elsewhere = source.kind === 'argv' ? explainClash(source.label, text ?? String(raw)) : null
  const isValid = (spelling: string): boolean => row.kind.schema.safeParse(spelling).success
  const advice = [elsewhere, row.kind.explainRefused?.(raw, isValid)]
    .filter((sentences) => sentences != null)
    .map((sentences) => `${sentences} `)
    .join('')
  const found = row.isSecret
    ? 'something else'
    : typeof raw === 'string' || (Array.isArray(raw) && raw.every((one) => typeof one === 'string'))
      ? `"${hideKeyText(String(raw))}"`
      : util.inspect(raw, { depth: 0, breakLength: Number.POSITIVE_INFINITY })
  return {
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `${source.kind === 'argv' ? source.label : name} must be ${row.kind.expects}; found ${found}${source.kind === 'argv' ? '' : ` (${source.label})`}.`,
    hint: `${advice}About ${wordOf(name, source)}: ${respell(row.summary, source)}${source.kind === 'default' ? ` ${row.flags[0]} overrides what is set for Node as a whole.` : ''}`,
    source: source.label,
  }
}
