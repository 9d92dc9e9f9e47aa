import leven from 'leven'
import type { LauncherBrand } from '../../launcher-brand.ts'
import { suggest } from '../suggest.ts'
import type { Environment } from './read-environment.ts'
import { lockstepVariables, reservedVariables, variablesOf } from './variable-name.ts'

/**
 * A warning for each variable of a product whose name is nearly that of an option. Other variables with the prefix belong to the app, so it is not
 * an error; `variables: { NAME: null }` of the brand says that this one does.
 */
export function misspeltForBrand(
  environment: Environment,
  { brand, file }: { brand: LauncherBrand | undefined; file?: string },
): string[] {
  if (!brand) return []
  const { byVariable, ofApp, prefix } = variablesOf(brand)
  const reserved = reservedVariables.map((name) => name.slice(lockstepVariables.prefix.length))
  // With the prefix, every short name would be near every other one.
  const tails = [...byVariable.keys()]
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
  const refused = Object.keys(brand.refused ?? {})
  return Object.keys(environment).flatMap((variable) => {
    if (!variable.startsWith(prefix) || ofApp.has(variable) || refused.includes(variable)) return []
    const tail = variable.slice(prefix.length)
    if (tails.includes(tail) || reserved.includes(tail)) return []
    const near = suggest(tail, tails)
    const label = file === undefined ? variable : `${variable} in ${file}`
    return near === undefined || !isSlip(tail, near)
      ? []
      : [`${label} is not an option, and is left to the app. Did you mean ${prefix}${near}?`]
  })
}

/** Stricter than for a name that can't be anything else: `SHOP_USERS` and `SHOP_CART` are names of an app. */
function isSlip(given: string, known: string): boolean {
  const letters = (text: string): string => [...text].sort().join('')
  if (letters(given) === letters(known)) return true
  return given.length >= 6 && leven(given, known) === 1 && given !== `${known}S`
}
