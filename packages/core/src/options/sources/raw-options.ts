import type { LaunchHooks } from '../../hooks/launch-hooks.ts'
import { type OptionInput, type OptionName, optionRow } from '../option-table.ts'

type HeadOf<Name extends string> = Name extends `${infer Head}.${string}` ? Head : Name

/** The options below a level of nesting, by what is left of their names. */
type Below<Head extends string> = {
  readonly [Name in OptionName as Name extends `${Head}.${infer Leaf}` ? Leaf : never]?:
    | OptionInput<Name>
    | undefined
}

/**
 * What `launch()` and a configuration file take: each option under its name, nested at the dot. All of it is optional but
 * the app, which may come from another source.
 */
export type RawOptions = {
  readonly [Head in HeadOf<OptionName>]?:
    | (Head extends OptionName ? OptionInput<Head> : Below<Head>)
    | undefined
} & {
  /** Functions that the launcher calls. They are not options: backends don't honour them, and no text can express a function. */
  readonly hooks?: LaunchHooks | undefined
}

/** One option as a source gave it. */
export interface RawValue {
  readonly name: OptionName
  /** Not checked yet. */
  readonly raw: unknown
  /** Where a source holds text alone: what `raw` was translated from. */
  readonly text?: string
  readonly source: ValueSource
}

/** An option that a source holds as text. */
export function fromText(name: OptionName, text: string, source: ValueSource): RawValue {
  return { name, raw: optionRow(name).kind.fromText(text), text, source }
}

/** Where a value was set. */
export interface ValueSource {
  readonly kind: SourceKind
  /** For messages: `--port`, `PORT`, `workers in lockstep.config.ts`. */
  readonly label: string
  /** Relative paths in the value start here. Absolute. */
  readonly directory: string
  /** The absolute path of the file that sets it, if a file does. */
  readonly file?: string
  /** A variable that the field agrees on, such as `PORT`: a platform may set it for every program. */
  readonly isAmbient?: true
}

/** From the weakest to the strongest. */
export const sourceKinds = ['default', 'config', 'dotenv', 'environment', 'api', 'argv'] as const
export type SourceKind = (typeof sourceKinds)[number]
