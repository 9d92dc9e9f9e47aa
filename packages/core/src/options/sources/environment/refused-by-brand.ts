import type { Fault } from '../../../errors/launch-error.ts'
import type { LauncherBrand } from '../../launcher-brand.ts'
import type { Environment } from './read-environment.ts'

/** A fault for each variable of the product that is set, and that its launcher can't honour. */
export function variablesRefusedByBrand(
  environment: Environment,
  { brand, file }: { brand: LauncherBrand | undefined; file?: string },
): Fault[] {
  return Object.keys(brand?.refused ?? {}).flatMap((variable) => {
    const value = (environment[variable] ?? '').trim()
    const fault = value === '' || variable.startsWith('-') ? null : refusedByBrand(variable, { value, brand })
    return fault === null ? [] : [file === undefined ? fault : { ...fault, source: `${variable} in ${file}` }]
  })
}

/** Why a flag or a variable with that value is refused; `null` when it isn't. */
export function refusedByBrand(
  name: string,
  { value, brand }: { value: string; brand: LauncherBrand | undefined },
): Fault | null {
  const refusal = brand?.refused?.[name]
  if (refusal === undefined) return null
  const { reason, unless } = typeof refusal === 'string' ? { reason: refusal, unless: [] } : refusal
  if (unless.some((one) => one.toLowerCase() === value.toLowerCase())) return null
  return {
    code: 'LOCKSTEP_ERR_OPTION_REFUSED',
    message: `${name} can't be honoured: ${reason}.`,
    hint: 'Leave it out.',
    source: name,
  }
}
