import { type OptionName, optionRow } from '../option-table.ts'

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
export const sourceKinds = ['default', 'launcher', 'config', 'dotenv', 'environment', 'api', 'argv'] as const
export type SourceKind = (typeof sourceKinds)[number]
