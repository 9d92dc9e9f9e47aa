import type { LockstepConfig } from '@lockstep/core'
import type { OptionInput, OptionName } from '@lockstep/core/internal'

// Checked by the compiler alone: the generated LockstepConfig takes what the option table takes, and nothing else.

type Head<Name> = Name extends `${infer Group}.${string}` ? Group : Name
type Leaf<Name> = Name extends `${string}.${infer Rest}` ? Rest : never
type Property<Of, Key> = Key extends keyof Of ? Exclude<Of[Key], undefined> : never

/** What `LockstepConfig` takes for an option. */
type Declared<Name extends OptionName> = Name extends `${string}.${string}`
  ? Property<Property<LockstepConfig, Head<Name>>, Leaf<Name>>
  : Property<LockstepConfig, Name>

type AsReadonly<Value> = Value extends (infer Element)[] ? readonly Element[] : Value

/** The options for which both differ. A backend is the exception: the table takes any object, and the launcher checks it. */
type Differing = {
  [Name in OptionName]: [AsReadonly<OptionInput<Name>>] extends [Declared<Name>]
    ? [Declared<Name>] extends [AsReadonly<OptionInput<Name>>]
      ? never
      : Name
    : Name
}[OptionName]

export const differing: Record<Differing, true> = { backend: true }

type Heads = Head<OptionName> | 'hooks'
export const noOthers: Record<Exclude<keyof LockstepConfig, Heads>, never> = {}
