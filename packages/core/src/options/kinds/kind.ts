import type { ValueSchema } from './value-schema.ts'

/** Words that a value may be, or where a shell finds such values. */
export type Completes = readonly string[] | 'files' | 'folders' | 'users' | 'groups'

/**
 * What kind of value an option takes: how text (from a flag, a variable, an environment file) becomes a raw value, what a
 * raw value must look like, and how to describe that to a person. The schema decides; `fromText` only translates.
 */
export interface Kind<Input, Value> {
  /** Stands for the value in the help: `--port <number>`. Empty for a switch. */
  readonly placeholder: string
  /** Completes "… must be", for example `a whole number from 0 to 65535`. */
  readonly expects: string
  readonly schema: ValueSchema<Value, Input>
  /**
   * Text that cannot be translated is passed on as it is, so that the schema refuses it. `directory` is where relative paths in it start, once
   * that is known.
   */
  fromText(text: string, directory?: string): unknown
  /** Says in sentences how to write what a refused value may mean; `null` when that is not known. `isValid` judges a spelling. */
  readonly explainRefused?: (raw: unknown, isValid: (spelling: string) => boolean) => string | null
  /** A switch takes no value on the command line and has a `--no-…` form. */
  readonly isSwitch?: true
  /** May be given several times; each text is one element. */
  readonly isList?: true
  /** Anchors relative paths in a value at the folder where the value was written. */
  anchor?(value: Value, directory: string): Value
  /** Writes a value as a person would. Unset, it is shown as it is. */
  format?(value: Value): string
  /** JSON Schema for a configuration file, where the schema also takes what JSON can't hold. */
  readonly jsonSchema?: Readonly<Record<string, unknown>>
  /** What a shell offers to complete a value with: words, or what the system has. Unset, nothing. */
  readonly completes?: Completes
  /** The TypeScript type of what a program may give, where the schema takes what JSON can't hold. */
  readonly inputType?: string
}
