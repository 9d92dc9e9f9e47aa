import type { Fault } from '../../errors/launch-error.ts'
import { hookNames, type LaunchHooks } from '../../hooks/launch-hooks.ts'
import { util } from '../../platform/node/node-util.ts'
import { suggestion } from './suggest.ts'

/** Reads the hooks of one source. A name that is not a hook is a fault, and so is a hook that is not a function. */
export function readHooks(given: unknown, where: string): { hooks: LaunchHooks; faults: readonly Fault[] } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { hooks: {}, faults: [invalid('hooks', { where, expects: 'an object of functions', given })] }
  const hooks: Record<string, unknown> = {}
  const faults: Fault[] = []
  for (const [name, hook] of Object.entries(given)) {
    if (hook === undefined) continue
    if (!hookNames.some((known) => known === name)) faults.push(unknown(name, where))
    else if (typeof hook !== 'function')
      faults.push(invalid(`hooks.${name}`, { where, expects: 'a function', given: hook }))
    else hooks[name] = hook
  }
  return { hooks, faults }
}

function invalid(
  name: string,
  { where, expects, given }: { where: string; expects: string; given: unknown },
): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_INVALID',
    message: `${name} must be ${expects}; found ${util.inspect(given, { depth: 0, breakLength: Number.POSITIVE_INFINITY })} (${name} in ${where}).`,
    hint: 'Hooks are functions, so set them in the API or in a configuration file in JavaScript or TypeScript. See docs/events.md.',
    source: `${name} in ${where}`,
  }
}

function unknown(name: string, where: string): Fault {
  return {
    code: 'LOCKSTEP_ERR_OPTION_UNKNOWN',
    message: `hooks.${name} in ${where} is not a hook.`,
    hint: suggestion(name, hookNames, 'docs/events.md lists the hooks.'),
    source: `hooks.${name} in ${where}`,
  }
}
