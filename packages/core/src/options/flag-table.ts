import { type OptionName, optionNames, optionRow } from './option-table.ts'

/** What a flag means. */
export interface FlagMeaning {
  readonly name: OptionName
  readonly translate: (text: string) => string
}

const asItIs = (text: string): string => text

/** Every flag that names an option, ours and other programs'. */
export const flagTable: ReadonlyMap<string, FlagMeaning> = new Map(
  optionNames.flatMap((name) => [
    ...optionRow(name).flags.map((flag): [string, FlagMeaning] => [flag, { name, translate: asItIs }]),
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
