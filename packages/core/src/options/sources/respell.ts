import { flagTable } from '../flag-table.ts'
import type { LauncherBrand } from '../launcher-brand.ts'
import { type OptionName, optionRow } from '../option-table.ts'
import type { ValueSource } from './raw-options.ts'
import { spelledLike } from './spelled-like.ts'

/** Where the user sets options. */
interface Place extends Pick<ValueSource, 'kind' | 'label'> {
  /** The option that is set there, if one is. */
  readonly option?: OptionName | undefined
  readonly brand?: LauncherBrand | undefined
  /** Where the user has set another option, if it is set: a value has to change there. */
  readonly placeOf?: (name: OptionName) => Place | null
}

/** `--port 3000` of a text, as the place in question takes it: `port: 3000` in a file, and `PORT=3000` as a variable. */
export function respell(text: string, place: Place): string {
  if (place.kind === 'argv') return text
  // Spans of code and the text between them take turns. "The flag --port" means the flag.
  return text
    .split(/(`[^`]*`)/)
    .map((part, index, parts) => {
      if (!part.startsWith('`')) return respellProse(part, place)
      return parts[index - 1]?.endsWith(' flag ') ? part : respellSpan(part, place)
    })
    .join('')
}

/** A span that holds one flag of ours. A command line with several words stays one. */
function respellSpan(span: string, place: Place): string {
  const [, flag = '', value] = /^`(--[a-z][a-z0-9-]*)(?: ([^\s{]+))?`$/.exec(span) ?? []
  const name = nameOf(flag)
  if (name === null) return span
  const own = ownPlace(name, place)
  return own.kind === 'argv' ? span : `\`${assignment(name, { value, place: own })}\``
}

const ownPlace = (name: OptionName, place: Place): Place => place.placeOf?.(name) ?? place

function assignment(name: OptionName, { value, place }: { value: string | undefined; place: Place }): string {
  const word = wordFor(name, place)
  if (value === undefined) return word
  if (isVariable(place)) return `${word}=${value}`
  return `${word}: ${/^(?:\d+|true|false)$/.test(value) ? value : `'${value}'`}`
}

function wordFor(name: OptionName, place: Place): string {
  const isSame = isVariable(place) && name === place.option
  return isSame ? (place.label.split(' ', 1)[0] ?? name) : spelledLike(place, name, place.brand)
}

const isVariable = ({ kind }: Place): boolean => kind === 'environment' || kind === 'dotenv'

/** Flags outside of spans, with a word after them where that is a value: "with --backend cluster", and not "with --user or". */
function respellProse(text: string, place: Place): string {
  return text.replaceAll(
    /(?<=^|[\s(])(?<!\bflag )(--[a-z][a-z0-9-]*)(?![\w=:])(?:( )([a-z][\w.-]*\w))?/gi,
    (text, flag: string, gap = '', word = '') => {
      const name = nameOf(flag)
      if (name === null) return `${(place.kind === 'api' ? ofContext[flag] : undefined) ?? flag}${gap}${word}`
      const own = ownPlace(name, place)
      if (own.kind === 'argv') return text
      return isValueOf(name, word)
        ? `\`${assignment(name, { value: word, place: own })}\``
        : `\`${wordFor(name, own)}\`${gap}${word}`
    },
  )
}

function isValueOf(name: OptionName, word: string): boolean {
  const { completes } = optionRow(name).kind
  return Array.isArray(completes) && completes.includes(word)
}

/** Flags of the command for which `launch()` has a property of its second argument. */
const ofContext: Readonly<Record<string, string>> = { '--config': '`config`', '--dotenv': '`envFile`' }

/** `null` for what is not a flag of ours, such as one of Node. */
function nameOf(flag: string): OptionName | null {
  return flagTable.get(flag)?.name ?? null
}
