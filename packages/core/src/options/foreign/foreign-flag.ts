/** A flag or a setting of another launcher, and what does the same here. */
export interface ForeignFlag {
  /** Flags as the other launcher spells them. */
  readonly flags: readonly `-${string}`[]
  /** Its names in the configuration file of the other launcher. */
  readonly keys: readonly string[]
  /** What it does there: "In PM2, it …". */
  readonly does: string
  /**
   * `same`: these flags are flags of Lockstep with that meaning. `clash`: they are flags of Lockstep with another meaning. `refused`: they are not flags of
   * Lockstep.
   */
  readonly answer: 'same' | 'clash' | 'refused'
  /** What to write here, or why there is nothing. Whole sentences. Optional where the flag is the same. */
  readonly here: string
  /** A value by which this launcher is recognised, where several have the flag. */
  readonly value?: RegExp
}

interface Hints {
  readonly value?: RegExp
}

/** The flags work here. `names` are separated by spaces: flags begin with a dash, all others are keys of a configuration file. */
export function same(names: string, does: string, here = ''): ForeignFlag {
  return { ...split(names), does, answer: 'same', here }
}

/** Lockstep has nothing of that name. */
export function refused(names: string, does: string, here: string, { value }: Hints = {}): ForeignFlag {
  return { ...split(names), does, answer: 'refused', here, ...(value && { value }) }
}

/** Lockstep has a flag of that name with another meaning. */
export function clash(names: string, does: string, here: string, { value }: Hints = {}): ForeignFlag {
  return { ...split(names), does, answer: 'clash', here, ...(value && { value }) }
}

function split(names: string): Pick<ForeignFlag, 'flags' | 'keys'> {
  const words = names.split(' ')
  return {
    flags: words.filter((word): word is `-${string}` => word.startsWith('-')),
    keys: words.filter((word) => !word.startsWith('-')),
  }
}
