import { holdsPrivateKey } from '../../errors/hide-key-text.ts'
import type { Fault } from '../../errors/launch-error.ts'
import { util } from '../../platform/node/node-util.ts'
import { type flagTable, flagTableOf, secretFlags } from '../flag-table.ts'
import { explainClash, explainFlag } from '../foreign/explain-foreign.ts'
import { isPemPath, looksLikeKeyText } from '../kinds/tls/pem-path.ts'
import type { LauncherBrand } from '../launcher-brand.ts'
import { type OptionName, optionRow } from '../option-table.ts'
import { refusedByBrand } from './environment/refused-by-brand.ts'
import { variableName } from './environment/variable-name.ts'
import { fromText, type RawValue, type ValueSource } from './raw-options.ts'
import { suggest, suggestion } from './suggest.ts'

/** A flag of one command alone, such as `--json` of `plan`. */
export interface CommandFlag {
  readonly short?: string
  readonly takesValue: boolean
}

export interface ReadArgv {
  readonly values: readonly RawValue[]
  /** Arguments that are not flags, in order, up to `--`. */
  readonly positionals: readonly string[]
  /** The words after `--`, unchanged; `null` if there is no `--`. */
  readonly rest: readonly string[] | null
  /** The command's own flags: the text of each use, or `true` for a switch. */
  readonly commandFlags: ReadonlyMap<string, readonly (string | true)[]>
  readonly faults: readonly Fault[]
}

/**
 * Reads a command line. Pure: it takes the words and returns the raw values, with every flag that is unknown, lacks its value
 * or would show a secret as a fault.
 */
export function readArgv(
  words: readonly string[],
  {
    directory,
    everyFlag = {},
    flagsOf = () => everyFlag,
    brand,
  }: {
    directory: string
    /** The flags of all commands: they say which words are values. */
    everyFlag?: Readonly<Record<string, CommandFlag>>
    /** Those of the command that the arguments name. */
    flagsOf?: (positionals: readonly string[]) => Readonly<Record<string, CommandFlag>>
    /** Its flags are known too. */
    brand?: LauncherBrand | undefined
  },
): ReadArgv {
  const end = words.indexOf('--')
  const own = end < 0 ? words : words.slice(0, end)
  const flags = flagTableOf(brand)
  const { tokens } = util.parseArgs({
    args: [...own],
    options: parserOptions(everyFlag, { flags, brand }),
    strict: false,
    allowPositionals: true,
    tokens: true,
    allowNegative: true,
  })
  const commandFlags = flagsOf(tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])))
  const values: RawValue[] = []
  const positionals: string[] = []
  const found = new Map<string, (string | true)[]>()
  const faults: Fault[] = []
  /** The word after a refused flag may be its value. Whether such a flag takes one is not known here. */
  let afterRefused = -1
  /**
   * Words such as `-dash/app.mjs`, of which a letter is not a flag: then the others are not meant as flags either. So are those of `-port`, which lacks
   * a dash: as letters it would be `-p` with the value `ort`.
   */
  const misread = new Set(
    tokens.flatMap((token) =>
      token.kind === 'option' &&
      /^-[^-\d]$/.test(token.rawName) &&
      (!isKnown(token, { commandFlags, flags }) ||
        isLongFlag(`-${own[token.index]}`, { commandFlags, flags }))
        ? [token.index]
        : [],
    ),
  )

  for (const token of tokens) {
    if (token.kind === 'option' && misread.has(token.index)) {
      const isFirst = tokens.find(({ index }) => index === token.index) === token
      if (isFirst)
        faults.push(
          unknownFlag((own[token.index] ?? token.rawName).split('=', 1)[0] ?? '', {
            commandFlags,
            flags,
            brand,
            value: own[token.index + 1],
          }),
        )
      continue
    }
    if (token.kind !== 'option-terminator' && holdsPrivateKey(token.value ?? '')) {
      faults.push(keyOnArgv(token.kind === 'option' ? token.rawName : 'An argument'))
      continue
    }
    if (token.kind === 'positional' && token.index !== afterRefused) positionals.push(token.value)
    if (token.kind !== 'option') continue
    if (/^-\d$/.test(token.rawName)) {
      // A negative number, of which each digit is a token. No flag is a digit.
      const word = own[token.index] ?? token.rawName
      if (tokens.find(({ index }) => index === token.index) === token) positionals.push(word)
      continue
    }
    const flag = token.rawName
    // The parser takes `--no-color` for the negation of a flag that does not exist.
    const ownName = flag.startsWith('--no-') ? flag.slice(2) : token.name
    const commandFlag = commandFlags[ownName]
    const negated = flag.startsWith('--no-') ? flags.get(`--${flag.slice(5)}`) : undefined
    const meaning = flags.get(flag)
    const source: ValueSource = { kind: 'argv', label: flag, directory }

    const refusal = refusedByBrand(flag, { value: token.value ?? '', brand })
    // `--no-open-browser` asks for what holds where `--open-browser` is refused.
    if (flag.startsWith('--no-') && brand?.refused?.[`--${flag.slice(5)}`] !== undefined) continue
    // Its value asks for nothing.
    if (!refusal && brand?.refused?.[flag] !== undefined) continue
    if (refusal) {
      faults.push(refusal)
      afterRefused = token.index + 1
    } else if (commandFlag) {
      if (commandFlag.takesValue && token.value === undefined) faults.push(valueMissing(flag, brand))
      else found.set(ownName, [...(found.get(ownName) ?? []), token.value ?? true])
    } else if (secretFlags.has(flag)) {
      faults.push(secretOnArgv(flag))
    } else if (meaning && optionRow(meaning.name).kind.isSwitch) {
      values.push({
        name: meaning.name,
        raw: optionRow(meaning.name).kind.fromText(meaning.translate(token.value ?? 'true')),
        source,
      })
    } else if (meaning) {
      // A value that looks like a flag is taken only when it is attached (`--name=-x`): else a forgotten value would swallow the next flag.
      if (token.value === undefined || (!token.inlineValue && looksLikeFlag(token.value)))
        faults.push(valueMissing(flag, brand))
      else if (isKeyOnArgv(meaning.name, token.value)) faults.push(keyOnArgv(flag))
      else values.push(fromText(meaning.name, meaning.translate(token.value), source))
    } else if (negated && optionRow(negated.name).kind.isSwitch && token.value === undefined) {
      const raw = optionRow(negated.name).kind.fromText(negated.translate('false'))
      values.push({ name: negated.name, raw, source })
    } else {
      faults.push(
        unknownFlag(flag, { commandFlags, flags, brand, value: token.value ?? own[token.index + 1] }),
      )
    }
  }
  return { values, positionals, rest: end < 0 ? null : words.slice(end + 1), commandFlags: found, faults }
}

type ParserOptions = NonNullable<NonNullable<Parameters<typeof util.parseArgs>[0]>['options']>

function parserOptions(
  commandFlags: Readonly<Record<string, CommandFlag>>,
  { flags, brand }: { flags: typeof flagTable; brand: LauncherBrand | undefined },
): ParserOptions {
  const options: ParserOptions = {}
  // A refusal that depends on the value needs to see it.
  for (const [flag, refusal] of Object.entries(brand?.refused ?? {}))
    if (flag.startsWith('--') && typeof refusal === 'object') options[flag.slice(2)] = { type: 'string' }
  for (const [flag, { name }] of flags) {
    // A one-letter flag becomes an entry of its own, whose long form is never matched: flags are distinguished by `rawName`.
    const type = optionRow(name).kind.isSwitch ? 'boolean' : 'string'
    if (flag.startsWith('--')) options[flag.slice(2)] = { type }
    else options[`short${flag}`] = { type, short: flag.slice(1) }
  }
  for (const flag of secretFlags.keys()) options[flag.slice(2)] = { type: 'string' }
  for (const [name, { short, takesValue }] of Object.entries(commandFlags)) {
    options[name] = { type: takesValue ? 'string' : 'boolean', ...(short && { short }) }
  }
  return options
}

/** A negative number is a value (and then a bad one, said as such); `-x` is a flag. */
const looksLikeFlag = (text: string): boolean => /^-[^\d]/.test(text)

function valueMissing(flag: string, brand: LauncherBrand | undefined): Fault {
  const elsewhere = brand ? null : explainClash(flag)
  return {
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `${flag} needs a value.`,
    hint: `${elsewhere === null ? '' : `${elsewhere} `}Write ${flag} VALUE, or ${flag}${flag.startsWith('--') ? '=' : ''}VALUE if the value begins with a dash.`,
    source: flag,
  }
}

function secretOnArgv(flag: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_SECRET_ON_ARGV',
    message: `${flag} would show the passphrase to every user of this machine, so it is not taken on the command line.`,
    hint: `Use --tls-passphrase-file, --tls-passphrase-command or the variable ${variableName('tls.passphrase')}, and change the passphrase: it may be in your shell's history.`,
    source: flag,
  }
}

/** Where a path belongs: base64 without its header, or PEM whose header is misspelt. */
function isKeyOnArgv(name: OptionName, value: string): boolean {
  const { isSecret, kind } = optionRow(name)
  if (isSecret !== true || kind.anchor === undefined) return false
  // Hosts precede their files, and make a path that begins with one look like base64.
  const files = name === 'tls.sni' ? value.split(/[;,]/).map((one) => one.replace(/^[^=]*=/, '')) : [value]
  return !isPemPath(value) || files.some(looksLikeKeyText)
}

function keyOnArgv(flag: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_SECRET_ON_ARGV',
    message: `${flag} would show a private key to every user of this machine, so key text is not taken on the command line.`,
    hint: `Write the path of its file, or set the variable ${variableName('tls.key')}, and replace the key: it may be in your shell's history.`,
    source: flag,
  }
}

/** `-i4` is `-i 4`. */
function explainAttached(flag: string): ReturnType<typeof explainFlag> {
  return /^-[a-z][\w.=]+$/i.test(flag) ? explainFlag(flag.slice(0, 2), flag.slice(2)) : null
}

interface KnownFlags {
  readonly commandFlags: Readonly<Record<string, CommandFlag>>
  readonly flags: typeof flagTable
}

function isKnown(
  { rawName, name }: { rawName: string; name: string },
  { commandFlags, flags }: KnownFlags,
): boolean {
  return flags.has(rawName) || Object.hasOwn(commandFlags, name)
}

function isLongFlag(word: string, { commandFlags, flags }: KnownFlags): boolean {
  const [flag = ''] = word.split('=')
  return flag.length > 4 && (flags.has(flag) || Object.hasOwn(commandFlags, flag.slice(2)))
}

function unknownFlag(
  flag: string,
  {
    commandFlags,
    flags,
    brand,
    value,
  }: KnownFlags & { brand: LauncherBrand | undefined; value?: string | undefined },
): Fault {
  const elsewhere = brand ? null : (explainFlag(flag, value) ?? explainAttached(flag))
  if (elsewhere)
    return {
      code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
      message: `${flag} is not an option of Lockstep. ${elsewhere.there}`,
      hint: `${elsewhere.here} If the app is to get it, write it after \`--\`.`,
      source: flag,
    }
  const known = [...flags.keys(), ...Object.keys(commandFlags).map((name) => `--${name}`)]
  const longNames = known.filter((name) => name.startsWith('--'))
  const secret = suggest(flag, secretFlags.keys())
  const help = /^-[^-].*[/\\.]/.test(flag)
    ? `A path that begins with a dash is written ./${flag}.`
    : '--help lists the options. Arguments for the app come after `--`.'
  return {
    code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
    message: `${flag} is not an option.`,
    hint: suggestion(flag, longNames, suggest(flag, longNames) || !secret ? help : secretOnArgv(secret).hint),
    source: flag,
  }
}
