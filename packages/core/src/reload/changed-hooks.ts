import type { Fault } from '../errors/launch-error.ts'
import { hookNames, type LaunchHooks } from '../hooks/launch-hooks.ts'

/**
 * A fault for each hook that has come or gone since the start. A configuration file that is read again makes new functions; those
 * of the start go on being called, as an app in memory does.
 */
export function changedHooks(before: LaunchHooks, after: LaunchHooks): Fault[] {
  return hookNames
    .filter((name) => (before[name] === undefined) !== (after[name] === undefined))
    .map((name) => ({
      code: 'LOCKSTEP_ERR_RELOAD_NEEDS_START',
      message: `The hook ${name} was ${before[name] ? 'set' : 'unset'} at the start and is ${after[name] ? 'set' : 'unset'} now: it takes effect at a start only.`,
      hint: 'Stop the server and start it again, or put the hook back as it was and reload.',
    }))
}
