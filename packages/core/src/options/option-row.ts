import type { Kind } from './kinds/kind.ts'

/** Who acts on an option. A backend answers for all of them; the first two come with ready answers (see `option-support.ts`). */
export type Station =
  /** The launcher itself, before or beside every backend. */
  | 'launcher'
  /** `serve/`, wherever a backend runs it. */
  | 'serve'
  /** Each backend in its own way. */
  | 'backend'

/** Another program's flag for the same thing. */
export interface Alias {
  readonly flag: `-${string}`
  /** Where it comes from, for the docs. */
  readonly of: 'gunicorn' | 'uvicorn' | 'langflow' | 'node'
  /** Translates the other program's value to ours, when they differ. */
  readonly translate?: (text: string) => string
}

export interface OptionRow<Input = unknown, Value = unknown> {
  readonly kind: Kind<Input, Value>
  /** In the form of `Input`, or `null` when an unset option means that the feature is off. */
  readonly default: Input | null
  /** Our own flags; the first is the one that help and messages name. Empty when a flag would be wrong (secrets). */
  readonly flags: readonly `-${string}`[]
  readonly aliases?: readonly Alias[]
  /** Flags under which other programs take this secret; each is refused with the cure. */
  readonly refusedFlags?: readonly `--${string}`[]
  /** Variables beside `LOCKSTEP_…` that the field agrees on, such as `PORT`. */
  readonly ambientVariables?: readonly string[]
  readonly group: OptionGroup
  readonly summary: string
  /** What the summary leaves open. Markdown, for the docs. */
  readonly description: string
  readonly takesEffect: 'start' | 'reload'
  readonly isSecret?: true
  readonly station: Station
}

/** In the order of the help. */
export const optionGroups = {
  app: 'App',
  binding: 'Binding',
  processes: 'Processes',
  upstream: 'Programs',
  tls: 'TLS',
  proxy: 'Proxies in front',
  timeouts: 'Timeouts',
  limits: 'Limits',
  health: 'Health',
  logging: 'Logging',
} as const

export type OptionGroup = keyof typeof optionGroups

/** Checks a row while keeping its literal types. */
export function option<
  Input,
  Value,
  const Row extends Omit<OptionRow<Input, Value>, 'kind' | 'default'>,
  const Default extends Input | null,
>(
  row: Row & { readonly kind: Kind<Input, Value>; readonly default: Default },
): Row & { readonly kind: Kind<Input, Value>; readonly default: Default } {
  return row
}
