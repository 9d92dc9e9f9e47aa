import type { LockstepConfig } from './lockstep-config.ts'
import type { OptionName } from './option-table.ts'

/** How a product that has a launcher of its own names the same options. */
export interface LauncherBrand {
  /** The name of its command. */
  readonly name: string
  /** Begins its variables: with `LANGFLOW`, the option `port` is read from `LANGFLOW_PORT`. `LOCKSTEP_…` is then not read. */
  readonly envPrefix: string
  /** Its own flags, beside those of the option table. Each is a variable too: `--worker-timeout` is `LANGFLOW_WORKER_TIMEOUT`. */
  readonly aliases?: Readonly<Record<`--${string}`, BrandName>>
  /**
   * Its own variables, by their full names, beside those by the prefix. An empty one counts as unset. `null`: the variable belongs to the app, and the
   * launcher does not read it, whatever its name is.
   */
  readonly variables?: Readonly<Record<string, BrandName | null>>
  /** Flags and variables of the product that its launcher can't honour: they are refused with the reason. */
  readonly refused?: Readonly<Record<string, BrandRefusal>>
  /** What holds where the user sets nothing. Relative paths start at `directory`. */
  readonly defaults?: LockstepConfig
  /** Where relative paths in `defaults` start, absolute. Default: the current folder. */
  readonly directory?: string
}

/** An option, or an option with a translation of the product's values. */
export type BrandName =
  | OptionName
  | { readonly option: OptionName; readonly translate: (text: string) => string }

/** Why it can't be honoured, and the values with which it asks for nothing. */
export type BrandRefusal = string | { readonly reason: string; readonly unless: readonly string[] }

/** The option that a name of a brand stands for. */
export function meaningOf(name: BrandName): { name: OptionName; translate: (text: string) => string } {
  return typeof name === 'string'
    ? { name, translate: (text) => text }
    : { name: name.option, translate: name.translate }
}
