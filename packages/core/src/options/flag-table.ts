import { type LauncherBrand, meaningOf } from './launcher-brand.ts'
import { type OptionName, optionNames, optionRow } from './option-table.ts'

/** What a flag means. */
export interface FlagMeaning {
  readonly name: OptionName
  readonly translate: (text: string) => string
}

const asItIs = (text: string): string => text

/** The flag that follows from the name of an option: `tls.minVersion` is `--tls-min-version`. */
export function flagByRule(name: OptionName): `--${string}` {
  return `--${name
    .replaceAll('.', '-')
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()}`
}

/**
 * All our own flags of an option: those of its row, the first of which help and messages name, and the one by the rule. None for an option
 * that must not be a flag.
 */
export function ownFlags(name: OptionName): readonly `-${string}`[] {
  const { flags } = optionRow(name)
  return flags.length === 0 ? [] : [...new Set([...flags, flagByRule(name)])]
}

/** Every flag that names an option, ours and other programs'. */
export const flagTable: ReadonlyMap<string, FlagMeaning> = new Map(
  optionNames.flatMap((name) => [
    ...ownFlags(name).map((flag): [string, FlagMeaning] => [flag, { name, translate: asItIs }]),
    ...(optionRow(name).aliases ?? []).map(({ flag, translate = asItIs }): [string, FlagMeaning] => [
      flag,
      { name, translate },
    ]),
  ]),
)

/** Flags under which other programs take a secret. */
export const secretFlags: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((name) =>
    (optionRow(name).refusedFlags ?? []).map((flag): [string, OptionName] => [flag, name]),
  ),
)

/** The table with the flags of a brand. */
export function flagTableOf(brand: LauncherBrand | undefined): typeof flagTable {
  if (!brand?.aliases) return flagTable
  const aliases = Object.entries(brand.aliases).map(([flag, name]): [string, FlagMeaning] => [
    flag,
    meaningOf(name),
  ])
  return new Map([...flagTable, ...aliases])
}

/** Every flag that sets an option, with those of a brand. */
export function flagsOf(name: OptionName, brand: LauncherBrand | undefined): readonly string[] {
  return [...flagTableOf(brand)].flatMap(([flag, meaning]) => (meaning.name === name ? flag : []))
}
