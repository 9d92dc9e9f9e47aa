import { type Fault, LaunchError } from '../../errors/launch-error.ts'
import type { LauncherBrand } from '../launcher-brand.ts'
import { isOptionName, type OptionName, optionNames } from '../option-table.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import type { ValueSource } from './raw-options.ts'
import { respell } from './respell.ts'

/** How the user of a launch writes options. */
export interface UsersWords {
  /** Where each option was set. */
  readonly options: ResolvedOptions
  /** Where the user would set an option that is not set yet: a caller of `launch()` has no command line. */
  readonly asked: 'argv' | 'api'
  readonly brand: LauncherBrand | undefined
}

/**
 * A fault in the words of the place where its value was set. The code that finds a fault names the option (`pidFile`) and our own flags
 * (`--pid-file`). The user may have typed an alias, set a variable or written a key.
 */
export function inUsersWords(fault: Fault, { options, asked, brand }: UsersWords): Fault {
  const { source } = fault
  const option =
    source === undefined || isOptionName(source)
      ? source
      : optionNames.find((name) => options[name].source.label === source)
  const placeOf = (name: OptionName) => {
    const { source } = options[name]
    return setByUser.has(source.kind) ? { ...source, option: name, brand } : null
  }
  const place = (option && placeOf(option)) ?? { kind: asked, label: '', brand }
  const hint = respell(fault.hint, { ...place, placeOf })
  const label = (option && options[option].source.label) ?? source
  return hint === fault.hint && label === source ? fault : { ...fault, hint, source: label }
}

/** The same for each fault of an error, which stays itself where there is nothing to say in other words. */
export function errorInUsersWords(error: LaunchError, words: UsersWords): LaunchError {
  const faults = error.faults.map((fault) => inUsersWords(fault, words))
  const isSame = faults.every((fault, index) => fault === error.faults[index])
  return isSame ? error : new LaunchError(faults as [Fault, ...Fault[]])
}

/** The user can't edit what a product sets for its command, and nothing is written where a default holds. */
const setByUser: ReadonlySet<ValueSource['kind']> = new Set([
  'config',
  'dotenv',
  'environment',
  'api',
  'argv',
])
