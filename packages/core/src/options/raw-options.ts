import type { OptionInput, OptionName } from './option-table.ts'

type Nest<Name extends string, Value> = Name extends `${infer Head}.${infer Rest}`
  ? { readonly [Key in Head]?: Nest<Rest, Value> }
  : { readonly [Key in Name]?: Value | undefined }

type Intersect<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never

type Flatten<Type> = Type extends Uint8Array | readonly unknown[] | ((...args: never[]) => unknown)
  ? Type
  : { [Key in keyof Type]: Type[Key] }

/**
 * What `launch()` and a configuration file take: each option under its name, nested at the dots. All of it is optional but
 * the app, which may come from another source.
 */
export type RawOptions = Flatten<
  Intersect<{ [Name in OptionName]: Nest<Name, OptionInput<Name>> }[OptionName]>
>

/** One option as a source gave it. */
export interface RawValue {
  readonly name: OptionName
  /** Not checked yet. */
  readonly raw: unknown
  readonly source: ValueSource
}

/** Where a value was set. */
export interface ValueSource {
  readonly kind: SourceKind
  /** For messages: `--port`, `PORT`, `workers in lockstep.config.ts`. */
  readonly label: string
  /** Relative paths in the value start here. Absolute. */
  readonly directory: string
}

/** From the weakest to the strongest. */
export const sourceKinds = ['default', 'config', 'dotenv', 'environment', 'api', 'argv'] as const
export type SourceKind = (typeof sourceKinds)[number]
