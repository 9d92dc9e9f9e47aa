import type { OptionValue } from '../options/option-table.ts'
import type { LaunchPlan } from './launch-plan.ts'

/**
 * What `auto` means, by measurement (see ARCHITECTURE.md): the quickest way that spreads connections well and loses none. Under
 * `shared` one worker may get most of the connections that are kept, so it is for those who ask for it.
 */
export function chooseBalance(
  asked: OptionValue<'balance'>,
  { platform, canHold }: { platform: NodeJS.Platform; canHold: boolean },
): LaunchPlan['balance'] {
  if (asked !== 'auto') return asked
  return platform === 'linux' && canHold ? 'reuse-port' : 'round-robin'
}
